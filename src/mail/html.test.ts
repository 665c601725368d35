import { expect, test } from 'vitest'
import { readHtml } from './html.ts'
import { isTooDeep, stripTags } from './html-scan.ts'

test.each([
  ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
  ['<div>One</div><div>Two</div>', 'One\nTwo'],
  ['<p class="MsoNormal">One</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">Two</p>', 'One\n\nTwo'],
  ['One<br>Two', 'One\nTwo'],
  ['<h2>Steps</h2>tried', 'Steps\ntried'],
  ['<ul><li>One</li><li>Two</li></ul>', '* One\n* Two'],
  ['<ol><li>One</li><li>Two</li></ol>', '1. One\n2. Two'],
  ['<b>Customer:</b> a.example', 'Customer: a.example'],
  ['<blockquote>One<br>Two</blockquote>', '> One\n> Two'],
  ['<blockquote>One<blockquote>Two</blockquote></blockquote>', '> One\n>> Two'],
  ['<pre>a  b\n c</pre>', 'a  b\n c'],
  ['Pass: a&lt;b&gt;&amp;c', 'Pass: a<b>&c'],
  ['Pass: &amp;lt;', 'Pass: &lt;'],
  ['<style>p{}</style><script>alert(1)</script>text', 'text'],
  ['seen<span style="display:none">unseen</span>', 'seen'],
  ['<a href="https://cp.example/">https://cp.example/</a>', 'https://cp.example/'],
  ['<a href="https://cp.example/">our panel</a>', 'our panel <https://cp.example/>'],
  ['<a href="javascript:alert(1)">here</a>', 'here'],
  ['<a href="mailto:a@b.example">a@b.example</a>', 'a@b.example'],
  [
    '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcp.example%2F&amp;data=x">panel</a>',
    'panel <https://cp.example/>',
  ],
  ['<img src="cid:1" alt="Logo of the company">text', 'text'],
  ['great <img src="x" alt="😀">', 'great 😀'],
  ['above<hr>below', `above\n${'_'.repeat(32)}\nbelow`],
])('%s reads as %j', (html, text) => {
  expect(readHtml(html).text.trim()).toBe(text)
})

test('a table of labels and values is text row by row, and cell by cell in tableRows', () => {
  const html =
    '<table><tr><th>Customer Domain</th><td>a.example</td></tr><tr><td>Details</td><td>broken<br>since noon</td></tr></table>'
  expect(readHtml(html)).toMatchObject({
    text: 'Customer Domain\ta.example\nDetails\tbroken\nsince noon',
    tableRows: [
      ['Customer Domain', 'a.example'],
      ['Details', 'broken\nsince noon'],
    ],
  })
})

test('a layout table around the mail is no table row', () => {
  const html = '<table><tr><td><table><tr><td>User</td><td>ann</td></tr></table></td></tr></table>'
  expect(readHtml(html)).toMatchObject({ text: 'User\tann', tableRows: [['User', 'ann']] })
})

test('an empty value cell stays a cell, so that a missing answer is seen', () => {
  expect(readHtml('<table><tr><td>Password</td><td></td></tr></table>').tableRows).toEqual([['Password', '']])
})

test.each([
  ['nested blockquotes', '<blockquote>'.repeat(50_000)],
  ['nested bold', `${'<b>'.repeat(100_000)}word`],
  ['a run of cells', `<table><tr>${'<td>x'.repeat(200_000)}`],
  ['a run of rows', `<table>${'<tr><td>a</td><td>b</td></tr>'.repeat(40_000)}`],
  ['angle brackets', '<'.repeat(500_000)],
])('%s without end are cut, and the text says so', (_name, html) => {
  const read = readHtml(html)
  expect(read.text.length).toBeLessThanOrEqual(html.length)
  if (!html.startsWith('<<')) expect(read.truncated).toBe(true)
})

test('deep markup keeps its words', () => {
  expect(readHtml(`${'<div>'.repeat(1000)}word &amp; more`).text.trim()).toBe('word & more')
})

test('depth counts open elements only', () => {
  expect(isTooDeep('<p>'.repeat(1000), 10)).toBe(false)
  expect(isTooDeep('<b></b>'.repeat(1000), 10)).toBe(false)
  expect(isTooDeep('<b>'.repeat(11), 10)).toBe(true)
})

test('the tag stripper drops script and style with their content', () => {
  expect(stripTags('a<script>x<b></script>b<br>c<style>d</style>&#65;&#x42;&nope;')).toBe('ab\ncAB&nope;')
})
