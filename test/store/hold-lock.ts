/** A second process for `instance-lock.test.ts`: `hold-lock.ts FILE` takes the lock, says `held`, and waits to be ended. */
import process from 'node:process'
import { takeInstanceLock } from '../../src/store/instance-lock.ts'

try {
  takeInstanceLock(process.argv[2] ?? '')
  // What nobody refers to is collected now, not some day.
  globalThis.gc?.()
  process.stdout.write('held\n')
  process.stdin.resume()
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
}
