/**
 * `npm run nightly`: what takes too long for every change. A million fuzzed cases; `--fuzz N` asks for another number.
 * Fails: exit code 1 when a property does; fast-check prints the seed and the smallest counterexample.
 */
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { fuzz: { type: 'string', default: '1000000' } } })

const done = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/fuzz'], {
  stdio: 'inherit',
  env: { ...process.env, TICKETGATE_FUZZ_RUNS: values.fuzz },
})
process.exitCode = done.status ?? 1
