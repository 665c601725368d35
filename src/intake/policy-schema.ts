/**
 * Shapes of what a policy is built from: one language's words (templates/words/*.yaml) and the operator's overrides.
 * Fails: Zod issues, with the path in the file; unknown keys are issues too.
 */
import * as z from 'zod'
import { isLinearPattern } from './linear-pattern.ts'

const phrases = z.array(z.string().min(1).max(120)).max(400)

const oneFieldWords = z.strictObject({
  title: z.string().min(1).max(120),
  labels: phrases,
  hint: z.string().max(500),
  example: z.string().max(500),
})

/** The `fields` key of a language's file: words by field name. */
export const fieldWordsSchema = z.record(z.string(), oneFieldWords)

/** The `reading` key of a language's file. */
export const readingWordsSchema = z.strictObject({
  nonAnswers: phrases,
  deferrals: phrases,
  pointers: phrases,
  requests: phrases,
  thanks: phrases,
  leave: phrases,
  status: phrases,
  urgent: phrases,
  withdrawn: phrases,
  solved: phrases,
  username: phrases,
  password: phrases,
  passwordStates: phrases,
  tried: phrases,
  acted: phrases,
  firstPerson: phrases,
  future: phrases,
  trouble: phrases,
  negations: phrases,
  customer: phrases,
  partner: phrases,
  panel: phrases,
  greetings: phrases,
  closings: phrases,
  fillers: phrases,
  otherLabels: phrases,
  common: phrases,
  yes: phrases,
  no: phrases,
  checks: z.strictObject({
    dns: phrases,
    owa: phrases,
    serverRules: phrases,
    localRules: phrases,
    anyRules: phrases,
    knowledgeBase: phrases,
    reproduced: phrases,
    notReproduced: phrases,
    seenBefore: phrases,
    neverSeen: phrases,
  }),
})

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'a field name is lower-case letters, digits and _, at most 40')

const kind = z.enum(['domain', 'url', 'credentials', 'text', 'address', 'choice', 'number', 'date', 'yes-no'])

const fieldOverride = z.strictObject({
  name,
  /** Takes the field out of the policy. */
  remove: z.boolean().optional(),
  /** Gives the field another name. */
  rename: name.optional(),
  kind: kind.optional(),
  required: z.boolean().optional(),
  group: z.enum(['submission', 'replicate', 'review', 'research']).optional(),
  acceptFrom: z
    .array(z.enum(['mail', 'account']))
    .min(1)
    .optional(),
  choices: z.array(z.string().min(1).max(120)).min(1).max(100).optional(),
  pattern: z
    .string()
    .max(300)
    .refine(isLinearPattern, 'not a regular expression, or one that could take for ever (nested repetition)')
    .optional(),
  /** By language code; labels are added to the shipped ones, the rest replaces. */
  words: z.record(z.string(), oneFieldWords.partial()).optional(),
})

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const SPAN = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/

/** `09:00-12:30` as minutes of the day. */
const span = z
  .string()
  .regex(SPAN, 'hours are written as 09:00-17:00')
  .transform((text): readonly [number, number] => {
    const [, h1, m1, h2, m2] = SPAN.exec(text) ?? []
    return [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)]
  })
  .refine(([from, to]) => from < to && to <= 24 * 60, 'hours must end after they begin, by 24:00')

/** A queue's hours, by weekday. */
const workingHours = z
  .strictObject({
    timeZone: z
      .string()
      .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', {
        error: 'not a time zone; write one such as Europe/Berlin',
      }),
    ...Object.fromEntries(DAYS.map((day) => [day, z.array(span).max(10).optional()])),
    holidays: z.array(z.iso.date()).max(1000).default([]),
  })
  .transform(({ timeZone, holidays, ...days }) => ({
    timeZone,
    holidays,
    days: Object.fromEntries(
      DAYS.map((day, at) => [
        at,
        [
          ...((days as Readonly<Record<string, readonly (readonly [number, number])[] | undefined>>)[day] ??
            []),
        ].sort((one, other) => one[0] - other[0]),
      ]),
    ),
  }))
  .refine(({ days }) => Object.values(days).some((spans) => spans.length > 0), 'no day has hours')

const queue = z.strictObject({
  name,
  promiseHours: z.number().positive().max(10_000),
  /** Left out: around the clock. */
  hours: workingHours.nullable().default(null),
  order: z.enum(['earliest-due', 'sequential']).default('earliest-due'),
  notify: z.array(z.string().min(1)).default(['agents']),
})

/** What an operator may change of the shipped policy, as the configuration file gives it. */
export const policyOverridesSchema = z.strictObject({
  /** A known name changes its row; a new name adds one. */
  fields: z.array(fieldOverride).default([]),
  /** Names in the order of the checklist; those not named follow in the shipped order. */
  order: z.array(name).default([]),
  /** Three-R items that a submission must give. */
  requireThreeRs: z.array(name).default([]),
  queues: z.array(queue).min(1).optional(),
  firstQueue: name.optional(),
  draftExpiresDays: z.number().int().positive().max(3650).optional(),
})

export type PolicyOverrides = z.input<typeof policyOverridesSchema>
export type FieldOverride = z.output<typeof fieldOverride>
export type FieldWordsByName = z.output<typeof fieldWordsSchema>
