import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DingName } from '../../../src/channels/dingtalk/ding.ts'
import { type DingTalkFault, dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { createDingRig, type DingRig, hurt } from './ding-rig.ts'
import { sampleNotice } from './notice.ts'
import type { Row } from './rig.ts'
import { wayConformance } from './suite.ts'

const KINDS = { 'ding-app': 1, 'ding-sms': 2, 'ding-phone': 3 } as const
const NAMES = Object.keys(KINDS) as DingName[]

const row = (name: string, fault: DingTalkFault, expected: Row['expected']): Row<DingRig> => ({
  name,
  answer: ({ sim }) => void hurt(sim, fault),
  expected,
})
const later = { outcome: 'later' }
const refused = { outcome: 'refused' }
const minute = 60_000

const ROWS = [
  row('the rate of the app', faults.qpsOfApp(), { ...later, retryAfter: 1000 }),
  row('the rate of the platform', faults.qpsOfPlatform(), { ...later, retryAfter: 10_000 }),
  row('the calls of the month', faults.monthlyQuota(), { ...refused, why: expect.stringContaining('quota') }),
  row('a permission is missing', faults.scopeMissing(['qyapi_robot_sendmsg']), {
    ...refused,
    why: expect.stringContaining('open-dev.dingtalk.com'),
  }),
  row('an address that is not allowed', faults.ipNotAllowed(), refused),
  row('an address that is shut out, by JSON', faults.ipBan(), { ...later, retryAfter: expect.any(Number) }),
  row('an address that is shut out, by a page', faults.ipBan('html'), {
    ...later,
    retryAfter: expect.any(Number),
  }),
  row('a busy system', faults.systemBusy(), { outcome: 'unknown' }),
  row('a gateway without an answer', faults.gatewayTimeout(true), { outcome: 'unknown' }),
  row('an answer that is no JSON', faults.malformed(), { outcome: 'unknown' }),
  row('a code that nobody knows', faults.contentUnsafe(), refused),
]

describe.each(NAMES)('%s keeps the port', (name) =>
  wayConformance({
    name,
    create: (within) => createDingRig(within, name),
    rows: ROWS,
    troubles: { reset: 'unknown', hang: 'unknown', html: 'unknown', torn: 'unknown', drip: 'unknown' },
  }),
)

describe('DING', () => {
  let rig: DingRig
  beforeEach(async () => {
    rig = await createDingRig(4000, 'ding-app')
  })
  afterEach(async () => {
    await rig.way.stop()
    await rig.close()
  })
  const send = (name: DingName, to = rig.to, key = 'key-1') => rig.ways[name].send(to, sampleNotice(), key)

  test('each way reaches the person in its own manner, all with one token', async () => {
    for (const name of NAMES) {
      const handed = await send(name)
      expect(handed).toEqual({ outcome: 'delivered', ref: rig.sim.dings.at(-1)?.id })
      expect(rig.sim.dings.at(-1)).toMatchObject({ user: 'elec7', remindType: KINDS[name] })
    }
    const tokens = rig.sim.calls.filter(
      (one) => one.kind === 'request' && one.path === '/v1.0/oauth2/accessToken',
    )
    expect(tokens).toHaveLength(1)
  })

  test('title and text are told', async () => {
    await send('ding-phone')
    const { title, text } = sampleNotice()
    expect(rig.sim.dings[0]?.content).toBe(`${title}\n${text}`)
  })

  test.each(['nobody', 'guest'])('«%s» is not reached: refused', async (to) => {
    expect(await send('ding-app', to)).toMatchObject({ outcome: 'refused', why: expect.stringContaining(to) })
    expect(rig.sim.dings).toEqual([])
  })

  test('each call counts toward the month; one too many is refused and told', async () => {
    rig.sim.behaviour.callsPerMonth = 2
    await send('ding-app')
    await send('ding-sms')
    expect(rig.used).toEqual(['call', 'call'])
    expect(await send('ding-phone')).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('quota'),
    })
    expect(rig.used.at(-1)).toBe('call used up')
  })

  test('a token that has run out is renewed', async () => {
    await send('ding-app')
    rig.sim.expireTokens()
    expect(await send('ding-app', rig.to, 'key-2')).toMatchObject({ outcome: 'delivered' })
  })

  test('after a ban nothing is sent until it is over', async () => {
    hurt(rig.sim, faults.ipBan())
    await send('ding-app')
    expect(await send('ding-sms')).toMatchObject({ outcome: 'later' })
    expect(rig.begun()).toBe(1)
    rig.sim.clock.advance(6 * minute)
    expect(await send('ding-sms')).toMatchObject({ outcome: 'delivered' })
  })
})
