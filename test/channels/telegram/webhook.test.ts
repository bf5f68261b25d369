import { expect, test, vi } from 'vitest'
import type { Client } from '../../../src/channels/telegram/client.ts'
import type { ApiResult } from '../../../src/channels/telegram/faults.ts'
import { createWebhook } from '../../../src/channels/telegram/webhook.ts'

// The minute between two looks passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }))

const NOW = 1_767_225_600_000

/** Steps through answers of Telegram; each step tells which calls it made. */
function open(answers: (ApiResult | Record<string, unknown>)[], announces = true) {
  const calls: string[] = []
  const call: Client['call'] = async (method) => {
    calls.push(method)
    const answer = answers.shift()
    return isResult(answer) ? answer : { ok: true, result: answer }
  }
  const client = { call, stopped: new AbortController().signal } as Client
  const options = {
    client,
    token: '1:a',
    publicUrl: 'https://b.example',
    announces,
    now: () => NOW,
    take: () => undefined,
  }
  const webhook = createWebhook(options)
  return { calls, step: webhook.step, url: `https://b.example${webhook.path}` }
}

function isResult(answer: object | undefined): answer is ApiResult {
  return answer !== undefined && 'ok' in answer
}

test('a webhook that somebody else changed is set again', async () => {
  const { calls, step } = open([{}, { url: 'https://elsewhere.example' }, {}])
  for (let n = 0; n < 3; n++) expect(await step()).toBeUndefined()
  expect(calls).toEqual(['setWebhook', 'getWebhookInfo', 'setWebhook'])
})

test('pushes that fail show, until Telegram has seen none fail for a while', async () => {
  const answers: Record<string, unknown>[] = [{}]
  const { step, url } = open(answers)
  await step()
  answers.push({ url, last_error_date: NOW / 1000 - 10, last_error_message: 'Connection refused' })
  expect(await step()).toMatchObject({
    kind: 'hindered',
    text: expect.stringContaining('Connection refused'),
  })
  answers.push({ url, last_error_date: NOW / 1000 - 600, last_error_message: 'Connection refused' })
  expect(await step()).toBeUndefined()
})

test('refusals and unreadable answers are passed on', async () => {
  const fault = {
    kind: 'refused',
    code: 400,
    text: 'Bad Request: bad webhook: HTTPS url must be provided',
  } as const
  const { step } = open([{ ok: false, fault }, {}, { ok: false, fault }, { url: 5 }])
  expect(await step()).toEqual(fault)
  expect(await step()).toBeUndefined()
  expect(await step()).toEqual(fault)
  expect(await step()).toMatchObject({ kind: 'unclear' })
})

test('an instance that only takes what comes in tells Telegram nothing', async () => {
  const { calls, step } = open([], false)
  expect(await step()).toBeUndefined()
  expect(calls).toEqual([])
})
