/**
 * What every command does first: the configuration. Problems become one clear message.
 * Fails: ExitError with exit code 78, all problems in it.
 */
import { formatProblems } from '../config/problems.ts'
import { type Config, loadConfig } from '../config.ts'
import { policyOverridesSchema } from '../intake/policy-schema.ts'
import { type Call, EXIT, ExitError, type Io, textOption } from './command.ts'

/** Loads the configuration that the command line names. Warnings go to standard error. */
export function loadSettings(call: Call, io: Io): Config {
  const loaded = loadConfig({
    path: textOption(call, 'config'),
    env: io.env,
    cwd: io.cwd,
    policySchema: policyOverridesSchema,
  })
  if (loaded.kind === 'problems') {
    throw new ExitError(
      EXIT.config,
      `the configuration has problems\n${formatProblems(loaded.file, loaded.problems)}`,
    )
  }
  if (loaded.warnings.length > 0) io.err(`${formatProblems(loaded.config.file, loaded.warnings)}\n`)
  return loaded.config
}

/** Runs `work`; what goes wrong in it is the operator's to mend: exit code 78. */
export function asConfigProblem<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new ExitError(EXIT.config, error instanceof Error ? error.message : String(error))
  }
}
