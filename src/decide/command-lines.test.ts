/** Commands and text, told apart. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitCommands } from './command-lines.ts'

test.each([
  ['#take', '', ['take'], []],
  [
    '#take\n#engineering it is the store\n\nHello,\nplease wait.',
    'Hello,\nplease wait.',
    ['take', 'engineering'],
    [],
  ],
  ['Please test.\n\n  #resolve', 'Please test.', ['resolve'], []],
  ['Please test.\n#resolve\nThen tell us.', 'Please test.\n#resolve\nThen tell us.', [], ['resolve']],
  [
    '#Take.\nWe saw\n# of users: 3\nin ticket #5\n#1 is fine',
    'We saw\n# of users: 3\nin ticket #5\n#1 is fine',
    ['take'],
    [],
  ],
  ['#takeover_x\nHello', '#takeover_x\nHello', [], []],
])('%j is %j with %j', (text, rest, commands, inText) => {
  const read = splitCommands(text)
  expect(read.text).toBe(rest)
  expect(read.commands.map(({ word }) => word)).toEqual(commands)
  expect(read.inText.map(({ word }) => word)).toEqual(inText)
})

test('No line that looks like a command is ever left in what a partner would get unseen.', () => {
  const line = fc.constantFrom('#take', '#resolv', ' #note', 'Hello', '', '# of users', 'see #5', '#x')
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const { text, inText, commands } = splitCommands(lines.join('\n'))
      const left = text.split('\n').filter((one) => /^\s*#[a-z]/u.test(one))
      expect(left.map((one) => one.trim())).toEqual(inText.map((one) => one.line))
      const all = lines.filter((one) => /^\s*#[a-z]/u.test(one)).length
      expect(commands.length + inText.length).toBe(all)
    }),
  )
})
