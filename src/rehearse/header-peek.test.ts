import { expect, test } from 'vitest'
import { peekHeader } from './header-peek.ts'

const MONDAY = new Date('2026-03-02T10:00:00Z')

test.each([
  ['Date: Mon, 02 Mar 2026 10:00:00 +0000\n\nbody', MONDAY, ''],
  ['Return-Path: <>\r\ndate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nbody', MONDAY, null],
  ['Return-Path: <Curator@Museum.Example>\n\nbody', null, 'curator@museum.example'],
  ['Subject: x\n\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nReturn-Path: <>', null, ''],
  ['Return-Path: nonsense\nDate: soon\n\n', null, ''],
  ['', null, ''],
])('%j is peeked into', (head, date, reversePath) => {
  expect(peekHeader(Buffer.from(head))).toEqual({ date, reversePath })
})
