/**
 * A scripted relay: says what it is told at each step, hangs up, or falls silent. Announces no PIPELINING unless asked,
 * so that steps come one by one.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net'

type Step = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot'
/** A reply without its CRLF; `hang up` and `fall silent` are done instead of said. */
type Act = string

export type Remote = {
  readonly port: number
  /** How many connections there were so far. */
  readonly connections: () => number
  /** Every command line, of all connections in turn. */
  readonly commands: readonly string[]
  /** The content of every message whose dot came. */
  readonly contents: readonly string[]
  /** Changes what is said from now on. */
  readonly say: (acts: Partial<Record<Step, Act>>) => void
  readonly close: () => Promise<void>
}

const USUAL: Record<Step, Act> = {
  greeting: '220 relay.example ESMTP',
  EHLO: '250-relay.example\r\n250-AUTH PLAIN\r\n250 8BITMIME',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  dot: '250 2.0.0 Ok: queued as 4XyZ',
}

/** Starts one on a free loopback port. */
export async function startRemote(acts: Partial<Record<Step, Act>> = {}): Promise<Remote> {
  let script = { ...USUAL, ...acts }
  const commands: string[] = []
  const contents: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    connections += 1
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    const act = (step: Step): void => {
      const what = script[step]
      if (what === 'hang up') socket.destroy()
      else if (what !== 'fall silent') socket.write(`${what}\r\n`)
    }
    let buffered = ''
    let inData = false
    socket.on('data', (chunk: Buffer) => {
      buffered += chunk.toString('utf8')
      for (;;) {
        const end = buffered.indexOf(inData ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const said = buffered.slice(0, end)
        buffered = buffered.slice(end + (inData ? 5 : 2))
        if (inData) {
          contents.push(said)
          inData = false
          act('dot')
          continue
        }
        commands.push(said)
        const verb = said.split(/[ :]/)[0]?.toUpperCase()
        switch (verb) {
          case 'EHLO':
          case 'AUTH':
          case 'MAIL':
          case 'RCPT':
            act(verb)
            break
          case 'DATA':
            inData = script.DATA.startsWith('354')
            act('DATA')
            break
          case 'QUIT':
            socket.end('221 2.0.0 bye\r\n')
            break
          case 'STARTTLS':
            socket.write('502 5.5.1 no TLS here\r\n')
            break
          default:
            socket.write('250 2.0.0 ok\r\n')
        }
      }
    })
    act('greeting')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    commands,
    contents,
    say: (changed) => {
      script = { ...script, ...changed }
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
