/** What `import` and `edit` share: planning a change of the registers, printing it, and saying what is wrong with it. */
import type { Desk } from '../desk.ts'
import { changeRegister } from '../store/change-register.ts'
import type { Registered, RegisterPlan } from '../trust/register.ts'
import { EXIT, ExitError, type Io } from './command.ts'
import { registerProblem } from './partner.ts'
import { printable } from './table.ts'

export const DRY_RUN_OPTION = {
  'dry-run': { type: 'boolean', help: 'print the difference and change nothing' },
} as const

/** Makes the change and prints its difference. Returns the exit code; throws ExitError with every problem. */
export async function change(
  desk: Desk,
  io: Io,
  plan: (now: Registered) => RegisterPlan,
  dryRun: boolean,
): Promise<number> {
  const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id, dryRun }
  const done = await changeRegister(desk.store, plan, at).catch(registerProblem)
  if (done.kind === 'problems') throw problemsError(done.problems)
  for (const step of done.steps) io.out(`${printable(step.says)}\n`)
  const same = done.untouched === 0 ? '' : `, ${done.untouched} unchanged`
  const count = `${done.steps.length} ${done.steps.length === 1 ? 'change' : 'changes'}${same}`
  io.out(
    done.steps.length === 0
      ? `nothing changes${same}\n`
      : `${count}${dryRun ? ' (dry run: not made)' : ''}\n`,
  )
  return EXIT.ok
}

/** All problems at once, one a line. */
export function problemsError(problems: readonly string[]): ExitError {
  const lines = problems.map((problem) => `  ${printable(problem)}`)
  return new ExitError(EXIT.fault, `nothing was changed:\n${lines.join('\n')}`)
}
