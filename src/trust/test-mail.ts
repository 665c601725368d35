/** Mails for tests of sender proof, signed by keys that are made here; their public halves are records of a zone. */
import { generateKeyPairSync } from 'node:crypto'
import { dkimSign, sealMessage } from 'mailauth'
import type { Envelope } from '../mail/mail.ts'
import type { Zone } from './test-zone.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
})

/** The key record of a domain, for a zone. */
export function keyRecord(domain: string, selector = 's1'): Zone {
  return { [`${selector}._domainkey.${domain} TXT`]: [`v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`] }
}

/** A plain mail; each of `fields` stands on top. */
export function plainMail(
  from: string,
  fields: readonly string[] = [],
  body = 'Nobody can send mail.\r\n',
): string {
  const header = [
    ...fields,
    `From: ${from}`,
    'To: support@desk.example',
    'Subject: Mailbox is full',
    'Date: Mon, 23 Nov 2026 09:00:00 +0000',
    'Message-ID: <m1@partner.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ]
  return `${header.join('\r\n')}\r\n\r\n${body}`
}

/** Signs a mail as `domain` does; `maxBodyLength` is l=. */
export async function signed(
  mail: string,
  domain: string,
  more: { readonly selector?: string; readonly maxBodyLength?: number } = {},
): Promise<string> {
  const { selector = 's1', ...rest } = more
  const { signatures, errors } = await dkimSign(mail, {
    canonicalization: 'relaxed/relaxed',
    algorithm: 'rsa-sha256',
    signTime: new Date(),
    signatureData: [{ signingDomain: domain, selector, privateKey, ...rest }],
  } as unknown as Parameters<typeof dkimSign>[1])
  if (errors.length > 0) throw new Error(`cannot sign: ${JSON.stringify(errors)}`)
  return signatures.replace(/\r?\n/g, '\r\n') + mail
}

/** Seals a mail as a forwarder does that found `results`. */
export async function arcSealed(mail: string, domain: string, results: string): Promise<string> {
  const seal = await sealMessage(mail, {
    signingDomain: domain,
    selector: 's1',
    privateKey,
    authResults: results,
    cv: 'none',
    signTime: new Date(),
  })
  return seal.toString() + mail
}

/** An envelope as a client of the Internet gives it. */
export function envelopeOf(change: Partial<Envelope> = {}): Envelope {
  return {
    reversePath: 'fenella@partner.example',
    forwardPaths: ['support@desk.example'],
    transport: 'smtp',
    clientIp: '198.51.100.7',
    ehloDomain: 'mail.partner.example',
    tls: true,
    faces: 'internet',
    trustedRelay: null,
    receivedAt: new Date('2026-11-23T09:00:00Z'),
    ...change,
  }
}
