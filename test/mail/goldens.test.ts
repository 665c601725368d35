/**
 * Every golden mail is read as a fair reader reads it.
 */
import { describe, expect, it } from 'vitest'
import { shippedPolicy } from '../../src/intake/mail-of-text.ts'
import { judgeGolden } from './judge-golden.ts'
import { readGoldens, unpaired } from './read-goldens.ts'

const policy = shippedPolicy()

describe('golden mails', () => {
  it('stand beside their expectations, one to one', () => {
    expect(unpaired()).toEqual([])
  })

  it.each(readGoldens().map((golden) => [golden.name, golden] as const))(
    '%s is read right',
    async (_, golden) => {
      const complaints = await judgeGolden(golden, policy)
      expect(complaints.map(({ about, text }) => `${about}: ${text}`)).toEqual([])
    },
  )
})
