/**
 * `npm run score`: measures reading against public fixtures and sample mails, when their folders are there, and prints
 * a table per measure and folder. Options: --corpus DIR, --samples DIR, --failures (lists what was wrong).
 * Fails: exit 0 and a line when nothing is there to measure; a part of the program that is not there is named.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parse as parseYaml } from 'yaml'
import type { CatalogueParts } from '../../src/intake/build-policy.ts'
import type { Policy } from '../../src/intake/policy.ts'
import type { Reading, ReadingHints } from '../../src/intake/reading.ts'
import type { Mail, Unreadable } from '../../src/mail/mail.ts'
import { reversePathInFile } from '../../src/mail/return-path.ts'
import { type Fixture, readCorpus, readSamples } from './fixtures.ts'
import { judgeDecode, judgeKind } from './judge-mail.ts'
import { makeSampleBoard } from './judge-samples.ts'
import { judgeForward, judgeReply, judgeSignature } from './judge-text.ts'
import { type Board, makeBoard } from './table.ts'

type Parse = (content: Uint8Array, options: { reversePath: string | null }) => Promise<Mail | Unreadable>
type Read = (mail: Mail, policy: Policy, hints: ReadingHints) => Reading

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..')

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: join(ROOT, '../shared/corpus') },
    samples: { type: 'string', default: join(ROOT, '../shared/samples') },
    failures: { type: 'boolean', default: false },
  },
})

await main()

async function main(): Promise<void> {
  const corpus = readCorpus(values.corpus)
  const samples = readSamples(values.samples)
  if (corpus.length + samples.length === 0) {
    console.log(`Nothing to measure: neither ${values.corpus} nor ${values.samples} is there.`)
    return
  }
  const parsing = await importFrom('src/mail/parse.ts')
  if (parsing === null) {
    console.log('Nothing to measure: src/mail/parse.ts is not there.')
    return
  }
  const parse = parsing['parseMail'] as Parse
  const board = makeBoard()
  for (const fixture of corpus)
    judge(board, fixture, await parse(fixture.content, { reversePath: reversePathInFile(fixture.content) }))
  const fieldLines = await scoreSamples(board, samples, parse)
  console.log([...board.lines(), ...fieldLines].join('\n'))
  if (values.failures)
    for (const { measure, path, complaint } of board.failures)
      console.log(`${measure}: ${path}: ${complaint}`)
}

/** Imports a part of the program by its path, so that the score runs while that part is not written yet. */
async function importFrom(path: string): Promise<Record<string, unknown> | null> {
  const file = join(ROOT, path)
  return existsSync(file) ? ((await import(file)) as Record<string, unknown>) : null
}

function judge(board: Board, fixture: Fixture, mail: Mail | Unreadable): void {
  const count = (measure: string, complaint: string | null): void =>
    board.count(measure, fixture.folder, fixture.name, complaint)
  if (fixture.measure === 'kind') count('kind', judgeKind(mail, fixture.expected))
  else if (fixture.measure === 'decode') count('decode', judgeDecode(mail, fixture.expected))
  else if (mail.kind !== 'mail') count(fixture.measure, `unreadable: ${mail.reason}`)
  else if (fixture.measure === 'forward') count('forward', judgeForward(mail.forwarded, fixture.expected))
  else if (fixture.expected['signature'] !== undefined)
    count('signature', judgeSignature(mail, fixture.expected))
  else count('reply', judgeReply(mail, fixture.expected))
}

async function scoreSamples(board: Board, samples: readonly Fixture[], parse: Parse): Promise<string[]> {
  const reading = await importFrom('src/intake/read.ts')
  const policies = await importFrom('src/intake/build-policy.ts')
  if (samples.length === 0) return []
  if (reading === null || policies === null) return ['samples: not measured, src/intake/read.ts is not there']
  const read = reading['readSubmission'] as Read
  const build = policies['buildPolicy'] as (
    catalogues: Record<string, CatalogueParts>,
    overrides: object,
  ) => Policy
  const policy = build(readCatalogues(join(ROOT, 'templates/words')), {})
  const sampleBoard = makeSampleBoard(board)
  for (const sample of samples) {
    const mail = await parse(sample.content, { reversePath: '' })
    if (mail.kind !== 'mail')
      board.count('missing set exact', 'samples', sample.name, `unreadable: ${mail.reason}`)
    else sampleBoard.add(sample, read(mail, policy, { missing: null, partnerDomains: [], ownDomains: [] }))
  }
  return sampleBoard.lines()
}

function readCatalogues(folder: string): Record<string, CatalogueParts> {
  const catalogues: Record<string, CatalogueParts> = {}
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    const catalogue = parseYaml(readFileSync(join(folder, name), 'utf8')) as CatalogueParts & {
      language: string
    }
    catalogues[catalogue.language] = catalogue
  }
  return catalogues
}
