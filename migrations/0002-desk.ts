/** What the desk's own work needs: who has a ticket and since when it queues, banked promises, commands and their undo. */
import type { Kysely } from 'kysely'
import { columnTypes, type DialectName } from '../src/store/dialect.ts'
import type { Database } from '../src/store/schema.ts'

export async function up(db: Kysely<Database>, dialect: DialectName): Promise<void> {
  const { instant } = columnTypes(dialect)
  const { schema } = db
  await schema
    .alterTable('inbox')
    .addColumn('sent_as_is', 'integer', (made) => made.notNull().defaultTo(0))
    .execute()
  await schema.alterTable('ticket').addColumn('queued_at', instant).execute()
  await schema.alterTable('ticket').addColumn('phone_code', 'text').execute()
  await db
    .updateTable('ticket')
    .set((row) => ({ queued_at: row.ref('opened_at') }))
    .execute()
  await schema
    .alterTable('promise')
    .addColumn('queue', 'text', (made) => made.notNull().defaultTo(''))
    .execute()
  await schema
    .alterTable('promise')
    .addColumn('promised_ms', instant, (made) => made.notNull().defaultTo(0))
    .execute()
  await schema.alterTable('promise').addColumn('broken_at', instant).execute()
  await db
    .updateTable('promise')
    .set((row) => ({
      promised_ms: row('due_at', '-', row.ref('started_at')),
      queue: row
        .selectFrom('ticket')
        .select('ticket.queue')
        .whereRef('ticket.id', '=', 'promise.ticket_id')
        .$asScalar()
        .$notNull(),
    }))
    .execute()
  await schema
    .createTable('command')
    .addColumn('id', 'text', (made) => made.primaryKey())
    .addColumn('ticket_id', 'text', (made) => made.notNull())
    .addColumn('person_id', 'text', (made) => made.notNull())
    .addColumn('inbox_id', 'text')
    .addColumn('at', instant, (made) => made.notNull())
    .addColumn('words', 'text', (made) => made.notNull())
    .addColumn('snapshot', 'text', (made) => made.notNull())
    .addColumn('undone_at', instant)
    .addForeignKeyConstraint('command_ticket', ['ticket_id'], 'ticket', ['id'])
    .execute()
  await schema.createIndex('command_by_ticket').on('command').columns(['ticket_id', 'id']).execute()
  await schema.createIndex('ticket_by_queue').on('ticket').columns(['queue', 'state', 'queued_at']).execute()
  await schema.createIndex('ticket_by_phone_code').on('ticket').columns(['phone_code']).execute()
  await schema.createIndex('event_by_kind').on('event').columns(['kind', 'id']).execute()
  await schema.createIndex('promise_by_start').on('promise').columns(['started_at']).execute()
}
