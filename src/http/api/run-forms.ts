import { z } from 'zod'
import { at, position, said } from './forms.ts'

const step = z.object({
  breaker: z.string(),
  circuit: z.string(),
  title: z.string(),
  standing: z.enum([
    'waiting',
    'void',
    'begun',
    'sent',
    'done',
    'already',
    'second-person',
    'refused',
    'failed',
    'unconfirmed',
  ]),
  why: z.array(said),
})

/** The opening or closing of a group. */
const run = z.object({
  id: z.string(),
  to: position,
  place: z.string(),
  stage: z.enum(['asked', 'running', 'ended', 'cancelled', 'expired']),
  version: z.int(),
  askedBy: z.string(),
  askedAt: at,
  expiresAt: at,
  endedAt: at.nullable(),
  stopped: said.nullable().describe('why what was still waiting did not begin'),
  nonce: z
    .string()
    .nullable()
    .describe('confirms or stops it; null for whoever may not, and when it is over'),
  circuits: z.int().describe('in all'),
  reached: z.int().describe('stand as wanted'),
  missed: z.int().describe('will not come to stand so by this'),
  waiting: z.int().describe('have not been asked yet'),
  astray: z.array(step).describe('what went wrong or waits for a second person, twenty at most'),
})

export const runs = z.object({ items: z.array(run) })
export const fullRun = run.extend({ steps: z.array(step) })
