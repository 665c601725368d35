import { expect, test } from 'vitest'
import { subjectStem, tagNumbers, ticketTag } from './subject.ts'

test.each([
  ['Re: Spam filter', 'Spam filter'],
  ['AW: RE[2]: WG: Spam filter', 'Spam filter'],
  ['Antw: Spam filter wordt niet opgeslagen', 'Spam filter wordt niet opgeslagen'],
  ['Re: [TG-1042] Spam filter', 'Spam filter'],
  ['[tg-1042] Re: Spam filter', 'Spam filter'],
  ['SV: VS: Vá: Odp: YNT: x', 'x'],
  ['Fwd:Fwd:Fwd: x', 'x'],
  ['回复：邮件', '邮件'],
  ['إعادة توجيه: بريد', 'بريد'],
  ['Re (3): x', 'x'],
  ['R: drive is missing', 'R: drive is missing'],
  ['Software: broken', 'Software: broken'],
  ['Recovery: broken', 'Recovery: broken'],
  ['  two   blanks ', 'two blanks'],
  ['Re:', ''],
  ['', ''],
  [null, ''],
])('The stem of %j is %j.', (subject, stem) => {
  expect(subjectStem(subject)).toBe(stem)
})

test.each([
  ['Re: [TG-1042] x', [1042]],
  ['[TG-7] and [tg-8] and [TG-7]', [7, 8]],
  ['TG-1042 without brackets', []],
  ['[TG-]', []],
  [null, []],
])('The tags of %j name %j.', (subject, numbers) => {
  expect(tagNumbers(subject)).toEqual(numbers)
})

test('A tag is read back as the number it was made of.', () => {
  expect(tagNumbers(ticketTag(1042))).toEqual([1042])
})

test('A hostile subject of a megabyte is cut before it is read.', () => {
  expect(subjectStem('Re: '.repeat(262_144)).length).toBeLessThanOrEqual(200)
  expect(tagNumbers('[TG-1]'.repeat(200_000))).toEqual([1])
})
