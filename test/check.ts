/**
 * `npm run check`: types, lint, format, dead code, tests, in that order, each with a line of its own; `--ci` adds the
 * demo. Ends with `N passed, N failed`, and with exit code 1 when anything failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

const folder = mkdtempSync(join(tmpdir(), 'ticketgate-check-'))
const report = join(folder, 'tests.json')
const modules = 'node_modules'

const steps: readonly (readonly [string, readonly string[]])[] = [
  ['types', [`${modules}/typescript/bin/tsc`, '-p', '.']],
  ['lint', [`${modules}/oxlint/bin/oxlint`, '--type-aware', '--deny-warnings']],
  ['format', [`${modules}/@biomejs/biome/bin/biome`, 'check', '--error-on-warnings']],
  ['dead code', [`${modules}/knip/bin/knip.js`, '--no-progress']],
  [
    'tests',
    [
      `${modules}/vitest/vitest.mjs`,
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ],
  ],
  ...(process.argv.includes('--ci') ? [['demo', ['test/demo/demo.ts']] as const] : []),
]

let passed = 0
let failed = 0
for (const [name, args] of steps) {
  process.stdout.write(`── ${name}\n`)
  const done = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (done.status === 0) passed += 1
  else failed += 1
}

try {
  const totals: unknown = JSON.parse(readFileSync(report, 'utf8'))
  if (
    typeof totals === 'object' &&
    totals !== null &&
    'numPassedTests' in totals &&
    'numFailedTests' in totals
  ) {
    // The step itself counts once already; its tests count in its place.
    passed += Number(totals.numPassedTests) - (Number(totals.numFailedTests) === 0 ? 1 : 0)
    failed += Math.max(0, Number(totals.numFailedTests) - 1)
  }
} catch {
  process.stdout.write('the tests left no report\n')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
