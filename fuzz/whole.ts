import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { webhookPath } from '../src/channels/telegram/webhook.ts'
import { bodies, mutated, torn } from './mutate.ts'
import { DING_FRAMES, LINES, NOW, PUSHES, UPDATES, WECOM_FRAMES } from './samples.ts'
import { claim, type Target, target } from './target.ts'
import { API_TOKEN, type FuzzedWorld, PUSH_TOKEN, TELEGRAM_TOKEN } from './world.ts'

/** How Telegram shows that it is Telegram. */
const SECRET = createHmac('sha256', TELEGRAM_TOKEN).update('telegram webhook secret').digest('base64url')

/** Longest answer, ms: the cloud gives a push up after 5 s. */
const WITHIN = 5000

const PATHS = [
  '/me',
  '/breakers',
  '/breakers/820720',
  '/breakers/820720/samples?minutes=10',
  '/breakers/820720/energy?by=day',
  '/breakers/820720/close',
  '/breakers/820720/hold',
  '/breakers/820720/open',
  '/incidents?limit=5',
  '/history?from=0&limit=5',
  '/runs/x/confirm',
  '/groups/增氧/off',
  '/deeds/x',
  '/people/甲/sessions',
  '/session',
]
const DEEDS = [{ circuit: 'power' }, { circuit: 'power', nonce: 'abc' }, { reason: '检修' }, {}]

async function checked(answer: Promise<Response>): Promise<void> {
  const { status, text } = await answer.then(async (one) => ({ status: one.status, text: await one.text() }))
  claim(status < 500, `${status}: ${text.slice(0, 300)}`)
  claim(!/ {4}at .*:\d+:\d+/.test(text), `a stack is shown: ${text.slice(0, 300)}`)
}

const hasBody = (method: string) => method !== 'GET' && method !== 'HEAD'

/** All ways into the running service. What it makes of what it took is looked at when all is through. */
export function wholeTargets({ url, ends }: FuzzedWorld): Target[] {
  const call = (path: string, more: RequestInit) =>
    checked(fetch(url + path, { ...more, redirect: 'manual', signal: AbortSignal.timeout(WITHIN) }))
  let messages = 1000
  const typed = torn(fc.constantFrom(...LINES)).map((text) => ({
    ...(UPDATES[0] as object),
    message: { ...(UPDATES[0] as { message: object }).message, text: `/${text}`, message_id: ++messages },
  }))

  return [
    target({
      name: 'service-push',
      weight: 5,
      inputs: bodies(PUSHES),
      probe: (body: string) => call(`/api/device/callback/${PUSH_TOKEN}`, { method: 'POST', body }),
    }),
    target({
      name: 'service-telegram',
      weight: 2,
      inputs: fc.oneof(
        bodies(UPDATES),
        fc.oneof(mutated(UPDATES), typed).map((one) => JSON.stringify(one) ?? ''),
      ),
      probe: (body: string) =>
        call(webhookPath(TELEGRAM_TOKEN), {
          method: 'POST',
          body,
          headers: { 'x-telegram-bot-api-secret-token': SECRET },
        }),
    }),
    target({
      name: 'service-api',
      weight: 0.3,
      inputs: fc.record({
        method: fc.constantFrom('GET', 'POST', 'DELETE', 'PUT'),
        path: fc.oneof(fc.constantFrom(...PATHS), torn(fc.constantFrom(...PATHS), 1)),
        body: bodies(DEEDS),
        key: fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
      }),
      async probe({ method, path, body, key }) {
        const address = `${url}/api/v1${path.toWellFormed()}`
        if (!URL.canParse(address)) return
        const headers = {
          authorization: `Bearer ${API_TOKEN}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        }
        await checked(
          fetch(address, {
            method,
            headers,
            signal: AbortSignal.timeout(WITHIN),
            ...(hasBody(method) && { body }),
          }),
        )
      },
    }),
    target({
      name: 'service-dingtalk',
      weight: 1.5,
      inputs: bodies(DING_FRAMES),
      probe: (frame: string) => claim(ends.toDingTalk(frame), 'the connection is gone'),
    }),
    target({
      name: 'service-wecom',
      weight: 1.5,
      inputs: bodies(WECOM_FRAMES),
      probe: (frame: string) => claim(ends.toWeCom(frame), 'the connection is gone'),
    }),
  ]
}

/** What was taken is dealt with: nothing given up, no fault of ours in the log, nobody thrown out. */
export async function checkAfterwards(world: FuzzedWorld): Promise<void> {
  await world.drained()
  const faults = world.faults()
  claim(faults.length === 0, `${faults.length} faults in the log:\n${faults.slice(0, 10).join('\n')}`)
  claim((await world.dead()) === 0, 'jobs were given up')
  const push = { type: 'state', device: 820720, ts: NOW, data: { power: '1' } }
  const address = `${world.url}/api/device/callback/${PUSH_TOKEN}`
  await checked(fetch(address, { method: 'POST', body: JSON.stringify(push) }))
}
