/** `ticketgate migrate`: brings the database to this program's schema; an SQLite file is copied first. */
import { migrateStore, PROGRAM_SCHEMA, schemaNumber } from '../store/migrate.ts'
import { openStore } from '../store/open.ts'
import { CONFIG_OPTION, type Command, EXIT } from './command.ts'
import { asExitError } from './exit-error.ts'
import { loadSettings } from './settings.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'bring the database to the schema of this program',
  usage: '',
  details: `\`serve\` does the same at its start. An SQLite file that holds data already is copied beside itself first;
a schema that is newer than this program is refused.`,
  options: { ...CONFIG_OPTION, status: { type: 'boolean', help: 'only say which schema is there' } },
  run: async (call, io) => {
    const config = loadSettings(call, io)
    const store = await openStore(config.database).catch((error: unknown) => {
      throw asExitError(error)
    })
    try {
      if (call.options['status'] === true) {
        io.out(`schema ${await schemaNumber(store.db)} of ${PROGRAM_SCHEMA}\n`)
        return EXIT.ok
      }
      const { applied, backup } = await migrateStore(store, new Date())
      if (backup !== null) io.out(`copied the database to ${backup}\n`)
      io.out(
        applied.length === 0
          ? 'nothing to do: the schema is up to date\n'
          : `applied ${applied.join(', ')}\n`,
      )
      return EXIT.ok
    } catch (error) {
      throw asExitError(error)
    } finally {
      await store.close()
    }
  },
}
