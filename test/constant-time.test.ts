import { beforeEach, expect, test, vi } from 'vitest'

const compared = vi.hoisted(() => [] as [number, number][])
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  return {
    ...crypto,
    timingSafeEqual(one: Uint8Array, other: Uint8Array) {
      compared.push([one.length, other.length])
      return crypto.timingSafeEqual(one, other)
    },
  }
})

const { serverFor, TOKEN } = await import('./http/support.ts')
const { createCallers } = await import('../src/engine/console/caller.ts')
const { createEnergyLinks } = await import('../src/engine/energy-links.ts')
const { createBindCodes } = await import('../src/engine/bind-codes.ts')
const { createTokens } = await import('../src/text/tokens.ts')
const { createWebhook } = await import('../src/channels/telegram/webhook.ts')
const { createHmac, hash } = await import('node:crypto')

/** What is secret is compared whole, in a time that says nothing: of digests, or of what is always as long. */

beforeEach(() => void compared.splice(0))

test.each([TOKEN, 'x', `${TOKEN}x`, 'y'.repeat(128)])('the token of the address: %s', async (token) => {
  const { app } = serverFor(async () => ({ ok: true }))
  await app.inject({ method: 'POST', url: `/api/device/callback/${token}`, body: '{}' })
  expect(compared).toEqual([[32, 32]])
})

test.each(['', 'x', 'x'.repeat(500)])('the header of Telegram’s web-hook: «%s»', async (given) => {
  const webhook = createWebhook({
    client: {} as Parameters<typeof createWebhook>[0]['client'],
    token: '1:token',
    publicUrl: 'https://bots.example',
    announces: true,
    now: Date.now,
    take: () => undefined,
  })
  const header = 'x-telegram-bot-api-secret-token'
  expect(await webhook.receive({ [header]: given }, {})).toBe(401)
  const right = createHmac('sha256', '1:token').update('telegram webhook secret').digest('base64url')
  expect(await webhook.receive({ [header]: right }, {})).toBe(400)
  expect(compared).toEqual([
    [32, 32],
    [32, 32],
  ])
})

test('tokens of programs: each is compared, whichever is right', () => {
  const programs = ['a', 'b', 'c'].map((name) => ({
    name,
    ids: {},
    program: { mayClose: false, tokenHash: hash('sha256', name) },
  }))
  const parts = { policy: { programs } } as unknown as Parameters<typeof createCallers>[0]
  const { programOf } = createCallers(parts, {} as Parameters<typeof createCallers>[1])
  for (const token of ['a', 'c', 'none', 'x'.repeat(999)]) {
    compared.splice(0)
    programOf(token)
    expect(compared).toEqual([
      [64, 64],
      [64, 64],
      [64, 64],
    ])
  }
})

test('buttons, codes and addresses', () => {
  const secret = new Uint8Array(32).fill(1)
  const tokens = createTokens(secret)
  const sealed = tokens.seal({ action: 'ack', breaker: '1', id: 'a', version: 1 })
  tokens.open(`${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'B' : 'A'}`)
  tokens.open(sealed)
  expect(compared.length).toBeGreaterThanOrEqual(1)
  expect(compared.every(([one, other]) => one === 9 && other === 9)).toBe(true)

  compared.splice(0)
  const codes = createBindCodes('a secret of the tests')
  codes.read('2222222222', 'telegram', [{ kind: 'person', name: '甲' }], 0)
  expect(compared).toEqual([[9, 9]])

  compared.splice(0)
  const links = createEnergyLinks(secret, 'https://bots.example')
  const query = new URL(links.make({ breakers: ['1'], from: 0, to: 1, by: 'hour' }, 0)!).searchParams
  links.read({ ...Object.fromEntries(query), sig: 'A'.repeat(43) }, 0)
  expect(compared).toEqual([[43, 43]])
})
