/**
 * Opens the desk for a command and closes it after; what an operator can mend becomes one line and an exit code.
 */
import type { Config } from '../config.ts'
import { type Desk, type DeskOptions, openDesk } from '../desk.ts'
import type { Log } from '../log.ts'
import { type Call, EXIT, ExitError, type Io } from './command.ts'
import { asExitError } from './exit-error.ts'
import { loadSettings } from './settings.ts'

/** Opens the desk of a configuration, and says what this opening made or changed. */
export async function openDeskFor(
  config: Config,
  options: DeskOptions & { readonly io: Io; readonly log: Log | null },
): Promise<Desk> {
  const desk = await openDesk(config, options).catch((error: unknown) => {
    throw asProblem(error)
  })
  if (desk.madeKeyRing !== null) options.io.err(keyRingNote(desk.madeKeyRing))
  if (desk.migrated.applied.length > 0) {
    options.log?.info(
      { applied: desk.migrated.applied, backup: desk.migrated.backup },
      'brought the database up to date',
    )
  }
  return desk
}

/** Opening fails for reasons that an operator mends: policy, letters and keys are configuration. */
function asProblem(error: unknown): unknown {
  const known = asExitError(error)
  if (known instanceof ExitError || !(error instanceof Error) || 'code' in error) return known
  return new ExitError(EXIT.config, error.message)
}

/** Runs `work` on the desk that the command line names; the schema is made when the database is new. */
export async function withDesk<T>(call: Call, io: Io, work: (desk: Desk) => Promise<T>): Promise<T> {
  const desk = await openDeskFor(loadSettings(call, io), { migrate: true, exclusive: false, io, log: null })
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}

function keyRingNote(file: string): string {
  return `
  A key ring was made: ${file}
  BACK IT UP, apart from the data. Everything that is stored is sealed with it; without it nothing can be read again.

`
}
