/**
 * `ticketgate serve`: runs the gateway until SIGTERM or SIGINT, which drain it; a second signal ends it at once.
 * Fails: one line and the right exit code for a port in use, a folder that cannot be written, a database that cannot be
 * reached, a key ring that does not fit.
 */
import process from 'node:process'
import type { Config } from '../config.ts'
import { openGateway } from '../gateway.ts'
import { type Log, makeLog } from '../log.ts'
import { CONFIG_OPTION, type Command, EXIT } from './command.ts'
import { asExitError } from './exit-error.ts'
import { openDeskFor } from './open-desk.ts'
import { loadSettings } from './settings.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'run the gateway',
  usage: '',
  details: `Listens as the configuration says; without one on 127.0.0.1:2525, with its data in ./data. The
database is brought to this program's schema first. SIGTERM and SIGINT drain: mails under way get
their 250, then it exits 0; a second signal ends it at once.`,
  options: CONFIG_OPTION,
  run: async (call, io) => {
    const config = loadSettings(call, io)
    const log = makeLog({ level: config.log.level, pretty: io.isTerminal })
    const asked = untilSignal(log)
    const desk = await openDeskFor(config, { log, io, migrate: true, exclusive: true })
    const gateway = await openGateway(desk, log).catch(async (error: unknown) => {
      await desk.close()
      throw asExitError(error)
    })
    const ports = gateway.listening.map((one) => one.port)
    log.info({ mode: config.mode, partners: config.partners }, 'ready')
    if (config.file === null) io.err(welcome(config, ports[0] ?? 0))
    await asked
    await gateway.drain()
    await desk.close()
    log.info('stopped')
    return EXIT.ok
  },
}

/** What a newcomer needs to know, with one line to copy. */
function welcome(config: Config, port: number): string {
  const to = `${config.addresses.queues['support'] ?? 'support'}@${config.addresses.domain}`
  return `
Ticketgate is running.

  Mail comes in   127.0.0.1:${port} (SMTP), for ${to}
  Data            ${config.data}
  Letters         ${config.captureFolder} (no relay is configured: nothing leaves this machine)

Send a first mail and see the answer: copy this line into another terminal.

  (cd ${process.cwd()} && npm run --silent first-mail)

Stop with Ctrl+C. Configuration: see ticketgate.example.yaml.

`
}

/** npm, a launcher and a process group may each pass on the same signal: within this long it is one. */
const SAME_SIGNAL_MS = 500

function untilSignal(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | null = null
    const onSignal = (signal: NodeJS.Signals): void => {
      const now = performance.now()
      if (askedAt === null) {
        askedAt = now
        log.info({ signal }, 'draining; a second signal ends at once')
        resolve()
      } else if (now - askedAt > SAME_SIGNAL_MS) {
        log.warn({ signal }, 'ended at once')
        process.exit(EXIT.fault)
      }
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}
