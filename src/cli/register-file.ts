/** `ticketgate partner|agent import|export`: the registers as files, YAML or CSV. */
import { readFile } from 'node:fs/promises'
import type { Desk } from '../desk.ts'
import { loadRegistered } from '../store/change-register.ts'
import { planRegister } from '../trust/register-diff.ts'
import { readRegister, writeAgents, writePartners } from '../trust/register-file.ts'
import { CONFIG_OPTION, type Command, EXIT, type Io, oneWord, UsageError } from './command.ts'
import { withDesk } from './open-desk.ts'
import { change, DRY_RUN_OPTION, problemsError } from './register-change.ts'

/** A register of a hundred thousand people is smaller. */
const MAX_FILE_BYTES = 64 * 1024 * 1024

function importOf(register: 'partner' | 'agent'): Command {
  return {
    name: `${register} import`,
    summary: `register ${register}s from a file`,
    usage: 'FILE|-',
    details: `FILE is YAML (as export and rehearse write it) or, by its name or --csv, CSV; - is standard input. Prints the
difference and makes it, all of it or nothing. What the file leaves out stays as it is; with --prune the file is the
whole truth, and what is not in it is removed. A partner with tickets is suspended instead. See docs/registers.md.`,
    options: {
      ...CONFIG_OPTION,
      ...DRY_RUN_OPTION,
      csv: { type: 'boolean', help: 'the file is CSV, whatever its name' },
      prune: { type: 'boolean', help: 'remove what is not in the file' },
    },
    run: async (call, io) => {
      const file = oneWord(call, 'FILE')
      const text = file === '-' ? await textOf(io) : await textOfFile(file)
      const read = readRegister(text, call.options['csv'] === true || file.toLowerCase().endsWith('.csv'))
      if (read.kind === 'problems') throw problemsError(read.problems)
      const options = { prune: call.options['prune'] === true }
      return withDesk(call, io, (desk) => {
        const strange = read.entries.partners.flatMap(({ name, language }) =>
          isKnownLanguage(desk, language)
            ? []
            : [`${name}: there are no letters in the language "${language}"`],
        )
        if (strange.length > 0) throw problemsError(strange)
        const plan = (now: Parameters<typeof planRegister>[0]) => planRegister(now, read.entries, options)
        return change(desk, io, plan, call.options['dry-run'] === true)
      })
    },
  }
}

function isKnownLanguage(desk: Desk, language: string | null | undefined): boolean {
  return language === null || language === undefined || desk.letters.languages.includes(language)
}

async function textOf(io: Io): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of io.stdin) {
    size += chunk.byteLength
    if (size > MAX_FILE_BYTES) throw new UsageError('standard input is too large for a register')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function textOfFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`cannot open ${file}`, { cause })
  })
}

function exportOf(register: 'partner' | 'agent'): Command {
  return {
    name: `${register} export`,
    summary: `print the register of ${register}s as a file that import takes`,
    usage: '',
    details: '',
    options: { ...CONFIG_OPTION, csv: { type: 'boolean', help: 'CSV instead of YAML' } },
    run: (call, io) =>
      withDesk(call, io, async (desk) => {
        const { partners, agents } = await loadRegistered(desk.store.db)
        const asCsv = call.options['csv'] === true
        io.out(register === 'partner' ? writePartners(partners, asCsv) : writeAgents(agents, asCsv))
        return EXIT.ok
      }),
  }
}

export const partnerImport = importOf('partner')
export const agentImport = importOf('agent')
export const partnerExport = exportOf('partner')
export const agentExport = exportOf('agent')
