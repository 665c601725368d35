/**
 * Alarms that are not mail: an operator hears by a webhook or a command when mail itself may be broken. Each is raised
 * once for its cause, and again at the next look as long as nobody took it.
 * Fails: a webhook or command that fails is thrown; the alarm is raised again later.
 */
import { spawn } from 'node:child_process'
import type { Desk } from './desk.ts'
import { type Alarm, dueAlarms, rememberAlarm } from './store/alarms.ts'

const TIMEOUT_MS = 10_000

/** Raises what is due. Returns how many alarms were taken. */
export async function raiseAlarms(desk: Desk): Promise<number> {
  const { webhook, command, silentHours } = desk.config.alarms
  if (webhook === null && command === null) return 0
  const alarms = await dueAlarms(desk.store.db, { now: desk.clock(), silentHours })
  for (const alarm of alarms) {
    if (webhook !== null) await post(webhook, desk.config.brand.name, alarm)
    if (command !== null) await run(command, alarm)
    await rememberAlarm(desk.store, alarm)
  }
  return alarms.length
}

async function post(url: string, desk: string, { kind, text, at }: Alarm): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ desk, alarm: kind, text, at: at.toISOString() }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`the alarm webhook answered ${answer.status}`)
}

/** The alarm's kind and text are the last arguments; no shell reads them. */
function run(command: readonly string[], { kind, text }: Alarm): Promise<void> {
  const [file = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args, kind, text], { stdio: 'ignore', timeout: TIMEOUT_MS })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`the alarm command ended with ${code ?? 'a signal'}`))
    })
  })
}
