import { describe, expect, it } from 'vitest'
import { ANSWERS, NON_ANSWERS } from './field-lines-table.ts'
import { mailOfText, NO_HINTS, shippedPolicy } from './mail-of-text.ts'
import { readSubmission } from './read.ts'

const policy = shippedPolicy()
const COMPLETE: Readonly<Record<string, string>> = {
  partner_domain: 'Partner Domain: northwind-it.example',
  control_panel_url: 'Control Panel URL: https://cp.northwind-it.example',
  customer_domain: 'Customer Domain Name: bakery-lane.example',
  credentials: 'User Credentials: oven@bakery-lane.example / Rye+Bread9',
  details: 'Details of the Issue: sent items are not saved',
  steps_taken: 'Steps taken to replicate and resolve: tested in OWA, same',
}

function missingWith(name: string, line: string): readonly string[] {
  const text = Object.values({ ...COMPLETE, [name]: line }).join('\n')
  return readSubmission(mailOfText(text), policy, NO_HINTS).missing
}

describe('one field written in many ways', () => {
  for (const [name, lines] of Object.entries(ANSWERS)) {
    it.each(lines)(`answers ${name}: %s`, (line) => {
      expect(missingWith(name, line)).toEqual([])
    })
  }
  for (const [name, lines] of Object.entries(NON_ANSWERS)) {
    it.each(lines)(`leaves ${name} missing: %s`, (line) => {
      expect(missingWith(name, line)).toEqual([name])
    })
  }
})
