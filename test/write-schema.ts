/**
 * Writes `ticketgate.schema.json` anew from the schema of the configuration. Run it after a change there:
 * `node bin/with-node24.mjs test/write-schema.ts`. A test fails while the file is out of date.
 */
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../src/config.ts'
import { policyOverridesSchema } from '../src/intake/policy-schema.ts'

const file = new URL('../ticketgate.schema.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(configJsonSchema(policyOverridesSchema), null, 2)}\n`)
