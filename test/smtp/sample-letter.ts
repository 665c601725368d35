/** A finished letter as the outbox hands it out. */
import type { OutgoingLetter } from '../../src/smtp/outgoing.ts'

export const LETTER: OutgoingLetter = {
  letterId: '0001k2m3n4p5q6r7',
  messageId: 'l.0001k2m3n4p5q6r7.sig@desk.example',
  date: new Date('2026-03-01T09:30:00Z'),
  from: { name: 'Harbour Hosting Support', address: 'support@desk.example' },
  to: { name: 'Fenella Otter', address: 'fenella@otterbrook.example' },
  replyTo: 'support+token@desk.example',
  returnPath: 'bounce+token@desk.example',
  subject: 'Re: Mail is down [TG-1042]',
  text: 'Grüße,\n\n.a line with a dot\n',
  html: '<p>Grüße</p>',
  inReplyTo: 'second@otterbrook.example',
  references: ['first@otterbrook.example', 'second@otterbrook.example'],
  headerFields: [
    { name: 'Auto-Submitted', value: 'auto-replied' },
    { name: 'X-Auto-Response-Suppress', value: 'All' },
  ],
}
