import { expect, test } from 'vitest'
import { cachedResolver, shareOfDns } from './cached-resolver.ts'
import { zoneResolver } from './test-zone.ts'

const ZONE = {
  'a.example TXT': ['one'],
  'b.example TXT': ['two'],
  'broken.example TXT': { error: 'ESERVFAIL' },
  'silent.example TXT': { error: 'silent' },
}

function heard() {
  const questions: string[] = []
  let time = 0
  const zone = zoneResolver(ZONE, (question) => questions.push(question))
  return {
    questions,
    zone,
    ask: cachedResolver(zone, { now: () => time, queryMs: 20 }),
    pass: (ms: number) => {
      time += ms
    },
  }
}

test('An answer is kept for a minute, whatever the case of the name.', async () => {
  const { ask, questions, pass } = heard()
  expect(await Promise.all([ask('a.example', 'TXT'), ask('A.Example', 'TXT')])).toEqual([
    [['one']],
    [['one']],
  ])
  pass(59_000)
  await ask('a.example', 'TXT')
  expect(questions).toHaveLength(1)
  pass(1_000)
  await ask('a.example', 'TXT')
  expect(questions).toHaveLength(2)
})

test('That there is nothing is an answer; that DNS failed is none.', async () => {
  const { ask, questions } = heard()
  for (const name of ['gone.example', 'gone.example', 'broken.example', 'broken.example']) {
    await expect(ask(name, 'TXT')).rejects.toThrow('query')
  }
  expect(questions).toEqual(['gone.example TXT', 'broken.example TXT', 'broken.example TXT'])
})

test('Silence ends in time, and is not kept.', async () => {
  const { ask, questions } = heard()
  await expect(ask('silent.example', 'TXT')).rejects.toMatchObject({ code: 'ETIMEOUT' })
  await expect(ask('silent.example', 'TXT')).rejects.toMatchObject({ code: 'ETIMEOUT' })
  expect(questions).toHaveLength(2)
})

test('A mail may ask so much, and the same again for nothing.', async () => {
  const dns = shareOfDns(heard().ask, { questions: 2, ms: 1000 })
  await dns.resolver('a.example', 'TXT')
  await dns.resolver('a.example', 'TXT')
  await dns.resolver('b.example', 'TXT')
  expect(dns.isExhausted()).toBe(false)
  await expect(dns.resolver('c.example', 'TXT')).rejects.toMatchObject({ code: 'EBUDGET' })
  expect(dns.isExhausted()).toBe(true)
})

test('A mail remembers what got no answer, and asks nothing after its time.', async () => {
  const { zone } = heard()
  let time = 0
  const dns = shareOfDns(zone, { questions: 10, ms: 1000, now: () => time })
  await expect(dns.resolver('broken.example', 'TXT')).rejects.toMatchObject({ code: 'ESERVFAIL' })
  await expect(dns.resolver('gone.example', 'TXT')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  time = 1000
  await expect(dns.resolver('a.example', 'TXT')).rejects.toMatchObject({ code: 'ETIMEOUT' })
  expect([...dns.unanswered]).toEqual(['broken.example TXT', 'a.example TXT'])
})
