import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Delivery } from '../../../src/channels/channel.ts'
import { type DingTalkFault, dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import {
  CARDS,
  CARDS_PATH,
  CREATE_PATH,
  createRig,
  GROUP,
  GROUP_PATH,
  hurt,
  type Rig,
  requests,
  TOKEN_PATH,
} from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
  await rig.start()
})
afterEach(() => rig.close())

const send = {
  card: (key: string) => rig.channel.send(GROUP, { card: CARDS.open! }, key),
  update: () => rig.channel.update(GROUP, 'old', CARDS.closed!),
  text: (key: string) => rig.channel.send(GROUP, { text: '今日 3 kWh' }, key),
}
type What = keyof typeof send
const PATHS: Record<What, string> = { card: CREATE_PATH, update: CARDS_PATH, text: GROUP_PATH }

const delivered = { outcome: 'delivered' } as const
/** In the place of the card. */
const plain = { outcome: 'delivered', message: 'plain:new' } as const
const refused = { outcome: 'refused' } as const
const unknown = { outcome: 'unknown' } as const
const later = { outcome: 'later' } as const
const banned = { outcome: 'later', retryAfter: 300_000, wholeChat: true } as const
const status = (code: number): DingTalkFault => ({ answer: { status: code, body: '<html>…</html>' } })

/** What each injectable fault means for a card, for a change of it, and for a text, which may not be said twice. */
const MATRIX: [name: string, fault: DingTalkFault, Record<What, Partial<Delivery>>][] = [
  ['rate of the app', faults.qpsOfApp(), all({ outcome: 'later', retryAfter: 1_000 })],
  ['rate of the platform', faults.qpsOfPlatform('09:00:10'), all({ outcome: 'later', retryAfter: 10_000 })],
  ['monthly quota', faults.monthlyQuota(), all(refused)],
  ['missing scope', faults.scopeMissing(['S']), { card: plain, update: refused, text: refused }],
  ['address not allowed', faults.ipNotAllowed(), all(refused)],
  ['ban as JSON', faults.ipBan('json'), all(banned)],
  ['ban as a page', faults.ipBan('html'), all(banned)],
  ['token refused as 400', faults.invalidToken(400), all(delivered)],
  ['token refused as 401', faults.invalidToken(401), all(delivered)],
  ['500 system.busy', faults.systemBusy(), unsettled()],
  ['500 unknownError', faults.unknownError(), unsettled()],
  ['502 as a page', status(502), unsettled()],
  ['503 as a page', faults.unavailable(), unsettled()],
  ['504 before the work', faults.gatewayTimeout(false), unsettled()],
  ['504 after the work', faults.gatewayTimeout(true), unsettled()],
  ['a slow answer', faults.latency(60), all(delivered)],
  ['no answer, not done', faults.hang(false), unsettled()],
  ['no answer, done', faults.hang(true), unsettled()],
  ['reset before the answer', faults.reset('before'), unsettled()],
  ['reset in the body', faults.reset('body', true), unsettled()],
  ['malformed JSON', faults.malformed(true), unsettled()],
  ['template unpublished', faults.templateUnpublished(), { card: plain, update: refused, text: refused }],
  ['content unsafe', faults.contentUnsafe(), { card: plain, update: refused, text: refused }],
]

function all(delivery: Partial<Delivery>): Record<What, Partial<Delivery>> {
  return { card: delivery, update: delivery, text: delivery }
}

function unsettled(): Record<What, Partial<Delivery>> {
  return { card: later, update: later, text: unknown }
}

const cells = MATRIX.flatMap(([name, fault, outcomes]) =>
  (Object.keys(send) as What[]).map((what) => ({ name, fault, what, expected: outcomes[what] })),
)

test.for(cells)('$name: what it means for a $what, and that it passes', async ({ fault, what, expected }) => {
  await rig.channel.send(GROUP, { card: CARDS.open! }, 'old')
  hurt(rig.sim, PATHS[what], fault)
  const first = await send[what]('new')
  expect(first).toMatchObject(expected)
  rig.sim.clock.advance(5 * 60_000 + 1_000)
  if (first.outcome !== 'delivered') expect(await send[what]('new')).toMatchObject(delivered)
  // However often it was tried, a card is there once.
  const cards = rig.sim.cards(GROUP).filter((card) => card.outTrackId === 'new')
  expect(cards).toHaveLength(what === 'card' && expected !== plain ? 1 : 0)
  if (what === 'update') expect(rig.sim.card('old')!.publicData.title).toContain('🟢')
  expect(rig.channel.health().state).toBe('ready')
})

test.for([
  ['down', faults.unavailable()],
  ['silent', faults.hang()],
  ['reset', faults.reset('before')],
  ['nonsense', faults.malformed()],
  ['busy', faults.systemBusy()],
  ['throttled', faults.qpsOfApp()],
] as const)('where tokens come from is %s: nothing has left, and all of it waits', async ([, fault]) => {
  hurt(rig.sim, TOKEN_PATH, fault, 3)
  expect(await send.card('new')).toMatchObject(later)
  expect(await send.update()).toMatchObject(later)
  expect(await send.text('new')).toMatchObject(later)
  expect(requests(rig.sim, CREATE_PATH) + requests(rig.sim, CARDS_PATH) + requests(rig.sim, GROUP_PATH)).toBe(
    0,
  )
  expect(await send.card('new')).toMatchObject(delivered)
})

test('a slow change of one card does not hold up another', async () => {
  await send.card('old')
  await send.card('new')
  hurt(rig.sim, CARDS_PATH, faults.hang())
  const slow = send.update()
  expect(await rig.channel.update(GROUP, 'new', CARDS.closed!)).toMatchObject(delivered)
  expect(await slow).toMatchObject(later)
})
