/**
 * Message-IDs that a relay may have given a letter instead of ours, read from its reply to the final dot. Amazon SES
 * names its own id there and writes `<id@REGION.amazonses.com>` into the mail; replies then thread by that one.
 * Fails: never; most replies hold only a queue id, which is in no mail, and give none.
 */

/** SES: `Ok 0102019…-5f3c…-000000`, hexadecimal groups. */
const SES_ID = /\bok ([0-9a-f]{16,20}(?:-[0-9a-f]{4,12}){4,6})\b/i
/** Servers in the regions are `email-smtp.eu-west-1.amazonaws.com`. */
const SES_HOST = /^email-smtp(?:-fips)?\.([a-z]{2}(?:-[a-z]+){1,3}-\d)\.amazonaws\.com$/i
/** The first region's mails carry no region. */
const SES_FIRST_REGION = 'us-east-1'
/** Some relays quote the id that they wrote. */
const QUOTED_ID = /<([^<>\s@]{1,200}@[^<>\s@]{1,200})>/g

/** Lists the Message-IDs (without angle brackets) that the relay at `host` may have written; `own` is ours. */
export function relayMessageIds(reply: string, host: string, own: string): readonly string[] {
  const bounded = reply.slice(0, 1000)
  const quoted = [...bounded.matchAll(QUOTED_ID)].map((match) => match[1] ?? '')
  return [...new Set([...sesIds(bounded, host), ...quoted])].filter((id) => id !== '' && id !== own)
}

function sesIds(reply: string, host: string): readonly string[] {
  const region = SES_HOST.exec(host)?.[1]?.toLowerCase()
  const id = SES_ID.exec(reply)?.[1]
  if (region === undefined || id === undefined) return []
  const domain = region === SES_FIRST_REGION ? 'email.amazonses.com' : `${region}.amazonses.com`
  return [`${id}@${domain}`]
}
