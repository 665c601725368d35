/**
 * What every command does first: the configuration, the policy, the letters. Problems become one clear message.
 * Fails: ExitError with exit code 78, all problems in it.
 */
import { fileURLToPath } from 'node:url'
import { formatProblems } from '../config/problems.ts'
import { type Config, loadConfig } from '../config.ts'
import { buildPolicy } from '../intake/build-policy.ts'
import type { Policy } from '../intake/policy.ts'
import { policyOverridesSchema } from '../intake/policy-schema.ts'
import { loadCatalogues } from '../letters/load.ts'
import { type Call, EXIT, ExitError, type Io, textOption } from './command.ts'

export const SHIPPED_TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url))

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

/** Builds the policy from the shipped words and the operator's changes. */
export function policyOf(config: Config): Policy {
  return asConfigProblem(() => {
    const catalogues = loadCatalogues({ shipped: SHIPPED_TEMPLATES, override: config.letters.folder })
    return buildPolicy(catalogues, policyOverridesSchema.parse(config.policy))
  })
}

/** Runs `work`; what goes wrong in it is the operator's to mend: exit code 78. */
export function asConfigProblem<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new ExitError(EXIT.config, error instanceof Error ? error.message : String(error))
  }
}
