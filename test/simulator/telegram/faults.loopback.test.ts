import { describe, expect, it } from 'vitest'
import { type TelegramFault, telegramFaults } from '../../../src/simulator/telegram/index.ts'
import { until } from '../../support/until.ts'
import { call, GROUP, LI, post, settle, startSim, TOKEN } from './support.ts'

const send = { chat_id: GROUP, text: 'a' }

describe('faults', () => {
  it.each<[name: string, fault: TelegramFault, answer: object]>([
    ['429', telegramFaults.tooMany(3600), { error_code: 429, parameters: { retry_after: 3600 } }],
    [
      'kicked',
      telegramFaults.kicked(),
      { error_code: 403, description: 'Forbidden: bot was kicked from the supergroup chat' },
    ],
    [
      'not a member',
      telegramFaults.notMember('group'),
      { error_code: 403, description: 'Forbidden: bot is not a member of the group chat' },
    ],
    [
      'deleted',
      telegramFaults.groupDeleted(),
      { error_code: 403, description: 'Forbidden: the group chat was deleted' },
    ],
    [
      'blocked',
      telegramFaults.blocked(),
      { error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    ],
    [
      'deactivated',
      telegramFaults.deactivated(),
      { error_code: 403, description: 'Forbidden: user is deactivated' },
    ],
    ['no rights', telegramFaults.noRights(), { error_code: 400 }],
    ['no write access', telegramFaults.noWriteAccess(), { error_code: 400 }],
    [
      'chat not found',
      telegramFaults.chatNotFound(),
      { error_code: 400, description: 'Bad Request: chat not found' },
    ],
    [
      'migrated',
      telegramFaults.migrated(-100),
      { error_code: 400, parameters: { migrate_to_chat_id: -100 } },
    ],
    ['no thread', telegramFaults.threadNotFound(), { error_code: 400 }],
    ['no parsing', telegramFaults.cannotParse(), { error_code: 400 }],
    ['no message', telegramFaults.editNotFound(), { error_code: 400 }],
    ['old query', telegramFaults.queryTooOld(), { error_code: 400 }],
    ['other poller', telegramFaults.otherPoller(), { error_code: 409 }],
    ['webhook', telegramFaults.webhookActive(), { error_code: 409 }],
    ['401', telegramFaults.unauthorized(), { error_code: 401, description: 'Unauthorized' }],
    ['500', telegramFaults.internal(), { error_code: 500, description: 'Internal Server Error' }],
  ])('%s refuses one call and does nothing', async (_name, effect, answer) => {
    const sim = await startSim()
    sim.faults.add({ when: ({ method }) => method === 'sendMessage', effect })
    expect(await call(sim, 'getMe')).toMatchObject({ ok: true })
    expect(await call(sim, 'sendMessage', send)).toMatchObject({ ok: false, ...answer })
    expect(sim.messages(GROUP)).toEqual([])
    expect(sim.calls[1]).toMatchObject({ fault: effect })
    expect(await call(sim, 'sendMessage', send)).toMatchObject({ ok: true })
  })

  it.each<[fault: TelegramFault, status: number]>([
    [telegramFaults.badGateway(), 502],
    [telegramFaults.gatewayTimeout(), 504],
    [telegramFaults.notFoundPage(), 404],
    [telegramFaults.portal(), 200],
  ])('a page comes instead: %j', async (effect, status) => {
    const sim = await startSim()
    sim.faults.add({ effect })
    const response = await fetch(`${sim.url}/bot${TOKEN}/getMe`)
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html'])
    expect(await response.text()).toContain('<html>')
  })

  it.each<[fault: TelegramFault, sent: number]>([
    [telegramFaults.truncated(), 1],
    [telegramFaults.reset('before'), 0],
    [telegramFaults.reset('after'), 1],
  ])('the answer is lost: %j', async (effect, sent) => {
    const sim = await startSim()
    sim.faults.add({ effect })
    await expect(post(sim, { text: 'a' })).rejects.toThrow()
    expect(sim.messages(GROUP)).toHaveLength(sent)
  })

  it.each([true, false])('a call hangs for good, done: %s', async (done) => {
    const sim = await startSim()
    sim.faults.add({ effect: telegramFaults.hang(done) })
    let ended = false
    const sending = post(sim, { text: 'a' }).catch(() => {
      ended = true
    })
    await until(() => sim.calls[0]?.status === 0)
    await settle()
    expect(ended).toBe(false)
    expect(sim.messages(GROUP)).toHaveLength(done ? 1 : 0)
    await sim.goOffline()
    await sending
  })

  it.each([true, false])('an answer is slow, byte by byte: %s', async (drip) => {
    const sim = await startSim()
    sim.faults.add({ effect: telegramFaults.slow(60, drip) })
    const begun = performance.now()
    expect(await call(sim, 'getMe')).toMatchObject({ ok: true })
    expect(performance.now() - begun).toBeGreaterThan(50)
  })
})

it('goes offline and comes back with all it knew', async () => {
  const sim = await startSim()
  await post(sim, { text: 'a' })
  const poll = call(sim, 'getUpdates', { timeout: 50 })
  poll.catch(() => undefined)
  await until(() => sim.calls.length === 2)
  await sim.goOffline()
  await expect(poll).rejects.toThrow()
  await expect(call(sim, 'getMe')).rejects.toThrow('fetch failed')
  sim.say(LI, LI, 'meanwhile')
  await sim.goOnline()
  expect(await call(sim, 'getUpdates')).toMatchObject({ result: [{ message: { text: 'meanwhile' } }] })
  expect(sim.messages(GROUP)).toHaveLength(1)
})
