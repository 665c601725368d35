/**
 * The commands, a row each. A command's file is loaded only when it runs, so that `--help` is quick.
 * Fails: never; an unknown name is main's to explain.
 */
import type { Command } from './command.ts'

export type CommandRow = {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}

export const COMMANDS: readonly CommandRow[] = [
  { name: 'serve', summary: 'run the gateway', load: async () => (await import('./serve.ts')).serve },
  {
    name: 'first-mail',
    summary: 'send a first test mail to a running gateway and show the answer',
    load: async () => (await import('./first-mail.ts')).firstMail,
  },
  {
    name: 'migrate',
    summary: 'bring the database to the schema of this program',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'inspect',
    summary: 'show how mails are read, without storing anything',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  {
    name: 'rehearse',
    summary: "read the old desk's mailbox and report what the gate would have done",
    load: async () => (await import('./rehearse.ts')).rehearse,
  },
  {
    name: 'explain',
    summary: 'tell why a mail had the outcome it had',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'ingest',
    summary: 'accept one mail from a file or a pipe',
    load: async () => (await import('./ingest.ts')).ingest,
  },
  {
    name: 'partner add',
    summary: 'register a partner',
    load: async () => (await import('./partner.ts')).partnerAdd,
  },
  {
    name: 'partner list',
    summary: 'list the partners',
    load: async () => (await import('./partner.ts')).partnerList,
  },
  {
    name: 'partner show',
    summary: 'show one partner',
    load: async () => (await import('./partner.ts')).partnerShow,
  },
  {
    name: 'partner edit',
    summary: "change a partner's entry",
    load: async () => (await import('./register-edit.ts')).partnerEdit,
  },
  {
    name: 'partner import',
    summary: 'register partners from a file',
    load: async () => (await import('./register-file.ts')).partnerImport,
  },
  {
    name: 'partner export',
    summary: 'print the register of partners as a file that import takes',
    load: async () => (await import('./register-file.ts')).partnerExport,
  },
  {
    name: 'partner remove',
    summary: 'remove a partner',
    load: async () => (await import('./partner.ts')).partnerRemove,
  },
  {
    name: 'agent add',
    summary: 'register an agent',
    load: async () => (await import('./agent.ts')).agentAdd,
  },
  {
    name: 'agent list',
    summary: 'list the agents',
    load: async () => (await import('./agent.ts')).agentList,
  },
  {
    name: 'agent edit',
    summary: "change an agent's entry",
    load: async () => (await import('./register-edit.ts')).agentEdit,
  },
  {
    name: 'agent import',
    summary: 'register agents from a file',
    load: async () => (await import('./register-file.ts')).agentImport,
  },
  {
    name: 'agent export',
    summary: 'print the register of agents as a file that import takes',
    load: async () => (await import('./register-file.ts')).agentExport,
  },
  {
    name: 'agent remove',
    summary: 'remove an agent',
    load: async () => (await import('./agent.ts')).agentRemove,
  },
  {
    name: 'ticket list',
    summary: 'list tickets and drafts',
    load: async () => (await import('./ticket.ts')).ticketList,
  },
  {
    name: 'ticket find',
    summary: 'find the tickets of a caller: by phone code, domain, address or words',
    load: async () => (await import('./ticket.ts')).ticketFind,
  },
  {
    name: 'ticket show',
    summary: 'show one ticket with its history',
    load: async () => (await import('./ticket.ts')).ticketShow,
  },
  {
    name: 'report',
    summary: 'promises kept and broken, first answers, what first mails lacked',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'inbox list',
    summary: 'list accepted mails and their outcomes',
    load: async () => (await import('./inbox.ts')).inboxList,
  },
  {
    name: 'inbox show',
    summary: 'show one accepted mail',
    load: async () => (await import('./inbox-show.ts')).inboxShow,
  },
  {
    name: 'inbox retry',
    summary: 'decide held, failed or dropped mail anew',
    load: async () => (await import('./inbox-decide.ts')).inboxRetry,
  },
  {
    name: 'inbox release',
    summary: 'vouch for held mail, so that it is treated as proven',
    load: async () => (await import('./inbox-decide.ts')).inboxRelease,
  },
  {
    name: 'inbox drop',
    summary: 'set held mail aside for good reason',
    load: async () => (await import('./inbox-decide.ts')).inboxDrop,
  },
  {
    name: 'outbox list',
    summary: 'list letters and what became of them',
    load: async () => (await import('./outbox.ts')).outboxList,
  },
  {
    name: 'outbox show',
    summary: 'show one letter',
    load: async () => (await import('./outbox.ts')).outboxShow,
  },
  {
    name: 'outbox retry',
    summary: 'send a failed or withheld letter again',
    load: async () => (await import('./outbox.ts')).outboxRetry,
  },
  {
    name: 'outbox resume',
    summary: 'let automatic letters go on after the limit of an hour stopped them',
    load: async () => (await import('./outbox.ts')).outboxResume,
  },
  {
    name: 'letters preview',
    summary: 'render every letter with sample data to files',
    load: async () => (await import('./letters-preview.ts')).lettersPreview,
  },
]
