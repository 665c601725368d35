/** The first schema: every table of docs/architecture.md, for SQLite and PostgreSQL alike. Never edited once released. */
import type { CreateTableBuilder, Kysely } from 'kysely'
import { columnTypes, createTicketNumbers, type DialectName } from '../src/store/dialect.ts'
import type { Database } from '../src/store/schema.ts'

type Table = CreateTableBuilder<string, string>
type Kind = 'text' | 'integer' | 'instant' | 'octets'

export async function up(db: Kysely<Database>, dialect: DialectName): Promise<void> {
  const types = columnTypes(dialect)
  const typeOf = (kind: Kind) => (kind === 'instant' || kind === 'octets' ? types[kind] : kind)

  /** `columns` read `name kind`, with `?` behind the kind for a column that may be null; the first is the key. */
  const table = async (
    name: string,
    columns: string,
    more: (made: Table) => Table = (made) => made,
  ): Promise<void> => {
    let made: Table = db.schema.createTable(name)
    for (const [index, column] of columns
      .trim()
      .split(/\s*,\s*/)
      .entries()) {
      const [title = '', kind = ''] = column.split(/\s+/)
      const bare = kind.replace('?', '') as Kind
      made = made.addColumn(title, typeOf(bare), (built) => {
        const nullable = kind.endsWith('?') ? built : built.notNull()
        return index === 0 && !NO_SINGLE_KEY.has(name) ? nullable.primaryKey() : nullable
      })
    }
    await more(made).execute()
  }
  const index = async (name: string, on: string, columns: readonly string[]): Promise<void> => {
    await db.schema
      .createIndex(name)
      .on(on)
      .columns([...columns])
      .execute()
  }

  await table('setting', 'name text, value text')
  await table('brand', 'id text, name text, domain text, created_at instant')
  await table(
    'partner',
    `id text, brand_id text, name text, control_panel_url text?, time_zone text?, language text?, mode text?,
     machine_mail text, state text, created_at instant`,
  )
  await table('partner_domain', 'domain text, partner_id text', (made) =>
    made.addForeignKeyConstraint('partner_domain_partner', ['partner_id'], 'partner', ['id']),
  )
  await index('partner_domain_by_partner', 'partner_domain', ['partner_id'])
  await table(
    'person',
    'id text, brand_id text, partner_id text?, role text?, name text?, time_zone text?, language text?, state text, created_at instant',
    (made) => made.addForeignKeyConstraint('person_partner', ['partner_id'], 'partner', ['id']),
  )
  await index('person_by_partner', 'person', ['partner_id'])
  await index('person_by_role', 'person', ['role'])
  await table(
    'address',
    'address text, person_id text, position integer, suppressed_until instant?, created_at instant',
    (made) => made.addForeignKeyConstraint('address_person', ['person_id'], 'person', ['id']),
  )
  await index('address_by_person', 'address', ['person_id', 'position'])
  await table('policy_version', 'version text, content text, created_at instant')
  await table('content', 'id text, size integer, octets octets?, blob_name text?, created_at instant')
  await index('content_by_blob', 'content', ['blob_name'])
  await table('content_key', 'content_id text, key_id text, salt octets', (made) =>
    made.addForeignKeyConstraint('content_key_content', ['content_id'], 'content', ['id']),
  )
  await table(
    'inbox',
    `id text, brand_id text, dedupe_key text, state text, outcome text?, content_id text, transport text,
     reverse_path text?, forward_paths text, client_ip text?, ehlo_domain text?, tls integer, faces text,
     trusted_relay text?, proof text?, received_at instant, message_id text?, text_key text?, from_address text?, subject text?,
     ticket_id text?, opens_for text?, verdict text?, evidence text?, duplicates integer, attempts integer,
     next_attempt_at instant, lease_owner text?, lease_until instant?, last_fault text?, decided_at instant?,
     resumed_at instant?, released integer, released_as text?, told_at instant?`,
    (made) =>
      made
        .addUniqueConstraint('inbox_dedupe', ['dedupe_key'])
        .addForeignKeyConstraint('inbox_content', ['content_id'], 'content', ['id']),
  )
  await index('inbox_due', 'inbox', ['state', 'next_attempt_at', 'id'])
  await index('inbox_by_message_id', 'inbox', ['message_id'])
  await index('inbox_by_ticket', 'inbox', ['ticket_id'])
  await table(
    'ticket',
    `id text, number integer, brand_id text, partner_id text?, requester_id text, queue text, state text,
     subject_stem text, root_message_id text?, fields text, missing text, three_rs text, warnings text, mode text,
     policy_version text, language text, checklists_sent integer, linked_to text?, replaced_by text?, assignee_id text?,
     created_at instant, opened_at instant?, waiting_since instant?, resolved_at instant?, closed_at instant?,
     expires_at instant?, remind_at instant?, reminded_at instant?, last_activity_at instant`,
    (made) =>
      made
        .addUniqueConstraint('ticket_number_unique', ['number'])
        .addForeignKeyConstraint('ticket_partner', ['partner_id'], 'partner', ['id'])
        .addForeignKeyConstraint('ticket_requester', ['requester_id'], 'person', ['id']),
  )
  await index('ticket_by_state', 'ticket', ['state', 'queue', 'number'])
  await index('ticket_by_partner', 'ticket', ['partner_id', 'number'])
  await index('ticket_by_expiry', 'ticket', ['state', 'expires_at'])
  await index('ticket_by_reminder', 'ticket', ['state', 'remind_at'])
  await index('ticket_by_requester', 'ticket', ['requester_id', 'state', 'number'])
  await table(
    'post',
    `id text, ticket_id text, kind text, inbox_id text?, person_id text?, author text?, text text, quoted_text text?,
     signature text?, created_at instant`,
    (made) => made.addForeignKeyConstraint('post_ticket', ['ticket_id'], 'ticket', ['id']),
  )
  await index('post_by_ticket', 'post', ['ticket_id', 'id'])
  await table(
    'attachment',
    `id text, post_id text, ticket_id text, position integer, file_name text?, content_type text, size integer,
     inline integer, content_id text?`,
    (made) => made.addForeignKeyConstraint('attachment_post', ['post_id'], 'post', ['id']),
  )
  await index('attachment_by_post', 'attachment', ['post_id'])
  await index('attachment_by_ticket', 'attachment', ['ticket_id'])
  await table(
    'participant',
    'ticket_id text, address text, person_id text?, role text, joined_at instant, left_at instant?, asked_to_leave_at instant?',
    (made) =>
      made
        .addPrimaryKeyConstraint('participant_key', ['ticket_id', 'address'])
        .addForeignKeyConstraint('participant_ticket', ['ticket_id'], 'ticket', ['id']),
  )
  await table(
    'promise',
    `id text, ticket_id text, kind text, state text, started_at instant, due_at instant, banked_ms instant,
     running_since instant?, ended_at instant?, warned_percent integer, next_check_at instant?`,
    (made) => made.addForeignKeyConstraint('promise_ticket', ['ticket_id'], 'ticket', ['id']),
  )
  await index('promise_by_ticket', 'promise', ['ticket_id'])
  await index('promise_due', 'promise', ['state', 'next_check_at'])
  await table(
    'message_reference',
    'message_id text, ticket_id text, kind text, outbox_id text?, inbox_id text?, created_at instant',
    (made) =>
      made
        .addPrimaryKeyConstraint('message_reference_key', ['message_id', 'ticket_id'])
        .addForeignKeyConstraint('message_reference_ticket', ['ticket_id'], 'ticket', ['id']),
  )
  await index('message_reference_by_ticket', 'message_reference', ['ticket_id'])
  await table(
    'secret',
    `id text, brand_id text, ticket_id text, field text, key_id text, salt octets?, octets octets?,
     created_at instant, shredded_at instant?`,
    (made) => made.addForeignKeyConstraint('secret_ticket', ['ticket_id'], 'ticket', ['id']),
  )
  await index('secret_by_ticket', 'secret', ['ticket_id'])
  await table(
    'outbox',
    `id text, brand_id text, ticket_id text?, inbox_id text?, person_id text?, letter text, state text,
     to_address text, to_name text?, from_address text, from_name text, reply_to text, return_path text,
     message_id text, in_reply_to text?, reference_ids text, subject text, text text, html text, header_fields text,
     rated integer, dated_at instant, not_before instant, attempts integer, next_attempt_at instant, lease_owner text?,
     lease_until instant?, last_reply text?, unknown integer, sent_at instant?, bounced_at instant?,
     bounce_status text?, told_at instant?, created_at instant`,
    (made) => made.addUniqueConstraint('outbox_message_id', ['message_id']),
  )
  await index('outbox_by_bounce', 'outbox', ['bounced_at'])
  await index('outbox_due', 'outbox', ['state', 'next_attempt_at', 'id'])
  await index('outbox_by_ticket', 'outbox', ['ticket_id', 'id'])
  await index('outbox_by_recipient', 'outbox', ['to_address', 'created_at'])
  await index('outbox_by_inbox', 'outbox', ['inbox_id'])
  await index('outbox_due_unrated', 'outbox', ['state', 'rated', 'next_attempt_at', 'id'])
  await index('outbox_by_rate', 'outbox', ['rated', 'sent_at'])
  await table(
    'event',
    `id text, at instant, kind text, inbox_id text?, ticket_id text?, outbox_id text?, person_id text?, detail text`,
  )
  await index('event_by_ticket', 'event', ['ticket_id', 'id'])
  await index('event_by_inbox', 'event', ['inbox_id', 'id'])
  await table(
    'round',
    `id text, at instant, address text, partner_id text, ticket_id text, same_key text?, alike_key text?,
     idle integer, told integer`,
  )
  await index('round_by_address', 'round', ['address', 'at'])
  await index('round_by_words', 'round', ['partner_id', 'alike_key', 'at'])
  await index('round_by_ticket', 'round', ['ticket_id', 'id'])
  await createTicketNumbers(db, dialect)
}

/** Their keys have two columns. */
const NO_SINGLE_KEY: ReadonlySet<string> = new Set(['participant', 'message_reference'])
