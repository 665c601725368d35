/**
 * Our own checklist sent back with its examples still in it: `customer.example`, `user@customer.example`.
 * Fails: never; one value that happens to be an example is a value, two of them are a form that nobody filled in.
 */
import type { Collected } from './collect.ts'
import { findHosts } from './find-hosts.ts'
import { fold } from './fold.ts'
import type { Lexicon } from './lexicon.ts'
import type { FieldRow } from './policy.ts'
import type { FieldValue } from './reading.ts'

const MIN_EXAMPLES = 2

/** Takes examples for no answers; changes `collected`. */
export function dropExamples(collected: Collected, lexicon: Lexicon): void {
  const untouched = [...collected.fields].filter(([name, value]) => {
    const row = lexicon.rows.get(name)
    return row !== undefined && isExample(value, row)
  })
  if (untouched.length < MIN_EXAMPLES) return
  for (const [name] of untouched) {
    collected.fields.delete(name)
    collected.refused.add(name)
    collected.warnings.add(`non-answer:${name}`)
  }
}

function isExample(value: FieldValue, row: FieldRow): boolean {
  return Object.values(row.words).some(({ example }) => {
    if (value.kind === 'plain') return row.kind !== 'text' && fold(value.value) === fold(example)
    const address = findHosts(example, false).find((host) => host.kind === 'address')?.text
    return address !== undefined && value.value.username?.toLowerCase() === address.toLowerCase()
  })
}
