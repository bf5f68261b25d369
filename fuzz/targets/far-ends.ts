import fc from 'fast-check'
import { TelegramError } from 'telegraf'
import type { Delivery } from '../../src/channels/channel.ts'
import { deliveryOf as dingDelivery, failureOf } from '../../src/channels/dingtalk/errors.ts'
import { handedOf as mailHanded } from '../../src/channels/mail/outcome.ts'
import { readFault } from '../../src/channels/telegram/faults.ts'
import { settled, handedOf as voiceHanded } from '../../src/channels/voice/outcome.ts'
import type { Handed } from '../../src/channels/way.ts'
import { handedOf as hookHanded } from '../../src/channels/webhook/outcome.ts'
import { deliveryOf as wecomDelivery } from '../../src/channels/wecom/errors.ts'
import { mutated } from '../mutate.ts'
import { NOW, REFUSALS } from '../samples.ts'
import { claim, target } from '../target.ts'

const OUTCOMES = ['delivered', 'later', 'refused', 'unknown']
/** Nothing waits longer for a far end than this, ms. */
const LONGEST = 24 * 3_600_000

function check(handed: Delivery | Handed): void {
  claim(OUTCOMES.includes(handed.outcome), `outcome ${handed.outcome}`)
  const { why = '', retryAfter } = handed as { why?: unknown; retryAfter?: unknown }
  // How much of it is told is for those who tell it.
  claim(typeof why === 'string', 'a reason')
  claim(!why.includes('[native code]'), 'a word of the far end is taken for a name of ours')
  const waits = typeof retryAfter === 'number' && retryAfter >= 0 && retryAfter <= LONGEST
  claim(retryAfter === undefined || waits, `retryAfter ${retryAfter}`)
}

const statuses = fc.constantFrom(200, 204, 301, 400, 401, 403, 404, 408, 410, 413, 429, 500, 502, 504, 599)
const refusals = mutated(REFUSALS)

export const farEnds = [
  target({
    name: 'dingtalk-answer',
    weight: 1,
    inputs: fc.record({ status: statuses, body: refusals, html: fc.boolean(), repeatable: fc.boolean() }),
    probe({ status, body, html, repeatable }) {
      const failure = failureOf({ kind: 'answer', status, body, html })
      if (failure) check(dingDelivery(failure, repeatable))
    },
  }),
  target({
    name: 'telegram-answer',
    weight: 1,
    inputs: refusals,
    probe(body) {
      // As telegraf makes it of an answer.
      const thrown = Object.assign(Object.create(TelegramError.prototype) as TelegramError, {
        response: body,
      })
      for (const error of [thrown, body]) {
        const fault = readFault(error, '123456:secret-of-the-bot')
        claim(fault.text.length <= 250, 'a text grows')
        if (fault.kind === 'refused' && fault.retryAfter !== undefined)
          check({ outcome: 'later', why: fault.text, retryAfter: fault.retryAfter })
      }
    },
  }),
  target({
    name: 'wecom-answer',
    weight: 1,
    inputs: fc.record({ code: fc.oneof(fc.integer(), fc.double()), times: fc.integer({ min: 1, max: 1e6 }) }),
    probe: ({ code, times }) => check(wecomDelivery({ kind: 'answered', code, text: 'x' }, 'm', () => times)),
  }),
  target({
    name: 'voice-answer',
    weight: 1,
    inputs: fc.record({ body: refusals, wasOpen: fc.boolean(), over: fc.boolean() }),
    probe({ body, wasOpen, over }) {
      check(settled(body))
      check(voiceHanded(body, wasOpen, over))
    },
  }),
  target({
    name: 'mail-answer',
    weight: 1,
    inputs: fc.record({ body: refusals, begun: fc.boolean(), over: fc.boolean() }),
    probe: ({ body, begun, over }) => check(mailHanded(body, { begun, over })),
  }),
  target({
    name: 'webhook-answer',
    weight: 1,
    inputs: fc.record({
      status: statuses,
      after: fc.oneof(
        fc.constantFrom(
          undefined,
          '',
          '5',
          '-1',
          '1e9',
          '99999999999999999999',
          'Wed, 21 Oct 2099 07:28:00 GMT',
        ),
        fc.string({ unit: 'binary', maxLength: 30 }),
      ),
    }),
    probe: ({ status, after }) => check(hookHanded(status, after, 'example.com', NOW)),
  }),
]
