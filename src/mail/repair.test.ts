import { expect, test } from 'vitest'
import { repairContent } from './repair.ts'

test.each([
  ['a healthy mail', 'From: a@b\r\n\r\nx', 'From: a@b\r\n\r\nx'],
  ['an mbox line on top', 'From a@b Mon Mar  2\nSubject: x\n\ny', 'Subject: x\n\ny'],
  ['empty lines on top', '\r\n\r\nSubject: x\r\n\r\ny', 'Subject: x\r\n\r\ny'],
  ['a body only', '\r\nHello there', '\r\nHello there'],
  ['bare CR line ends', 'Subject: x\r\ry\rz', 'Subject: x\n\ny\nz'],
  ['text right below the header', 'Subject: x\nHello there\nmore', 'Subject: x\n\r\nHello there\nmore'],
  [
    'a parameter that was not folded',
    'Content-Type: a/b;\nboundary="x"\n\ny',
    'Content-Type: a/b;\nboundary="x"\n\ny',
  ],
  ['nothing', '', ''],
])('%s is read as it was meant', (_name, content, repaired) => {
  expect(Buffer.from(repairContent(Buffer.from(content))).toString()).toBe(repaired)
})
