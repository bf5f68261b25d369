import { z } from 'zod'
import { at, fault, said } from './forms.ts'

const outcome = {
  id: z.string().describe('asks again: /api/v1/deeds/{id}'),
  answer: said.nullable().describe('the words of the chat'),
  reasons: z.array(said),
  breaker: z.string().nullable(),
  operation: z.string().nullable(),
  run: z.string().nullable(),
}

/** What came of something that was asked for. */
export const deed = z.object({
  ...outcome,
  state: z
    .enum(['asked', 'sent', 'done', 'waiting'])
    .describe(
      'asked: it waits for the confirming step; sent: a command is on its way; waiting: not decided yet',
    ),
  confirm: z
    .object({ nonce: z.string(), expiresAt: at, secondPerson: z.boolean() })
    .nullable()
    .describe('what the confirming step takes'),
})

/** `error` is REFUSED; `message` the words of the chat. */
export const refusedDeed = z.object({ ...outcome, ...fault.shape, state: z.literal('refused') })

export const ended = z.object({ ended: z.int() })
