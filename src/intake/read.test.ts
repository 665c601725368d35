import { describe, expect, it } from 'vitest'
import { mailOfText, NO_HINTS, shippedPolicy } from './mail-of-text.ts'
import { readSubmission } from './read.ts'
import { CASES } from './reading-cases-table.ts'

const policy = shippedPolicy()

describe('readSubmission', () => {
  it.each(CASES)('$name', ({ text, parts, missing, fields, hints }) => {
    const reading = readSubmission(mailOfText(text, parts), policy, { ...NO_HINTS, ...hints })
    const read = Object.fromEntries(
      Object.keys(fields ?? {}).map((name) => [name, reading.fields[name]?.value ?? null]),
    )
    for (const [name, wanted] of Object.entries(fields ?? {})) {
      if (wanted instanceof RegExp) expect(read[name]).toMatch(wanted)
      else expect(read[name]).toEqual(wanted)
    }
    expect(reading.missing).toEqual(missing)
    for (const value of Object.values(reading.fields)) {
      if (value.kind !== 'plain') continue
      for (const secret of reading.secrets) expect(value.value).not.toContain(secret)
    }
  })
})
