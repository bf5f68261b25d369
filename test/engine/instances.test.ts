import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import {
  cardOf,
  GROUP,
  type Rig,
  type RigOptions,
  startRig,
  testPolicy,
  texts,
  untilButton,
  untilSays,
} from './rig.ts'

/** How bots are held here, ms. */
const holdTiming = { lasts: 600, renewEvery: 100, lookEvery: 50, margin: 300 }

/** The one takes the bots; the other stands by. */
async function startTwo(one: RigOptions = {}, other: RigOptions = {}): Promise<[Rig, Rig]> {
  const first = await startRig({ holdTiming, ...one })
  return [first, await startRig({ holdTiming, ...other, beside: first })]
}

/** An instance that takes what comes in, but leaves the deciding to others. */
const decidesNothing = (store: Store): Partial<Store> => ({
  work: (queue, ...rest) => (queue === 'events' ? { stop: async () => {} } : store.work(queue, ...rest)),
})

const stateOf = ({ engine }: Rig, name: 'telegram' | 'wecom' = 'wecom') => engine.channels.get(name)!.health()
const platforms = ({ telegram, dingtalk, wecom }: Rig) => [telegram, dingtalk, wecom]

describe('the connection of a bot', () => {
  test('is held by one instance; the other says so, and has it at once when the first stops', async () => {
    const [one, other] = await startTwo({}, { holdTiming: { ...holdTiming, lookEvery: 60_000 } })
    expect(stateOf(one).state).toBe('ready')
    expect(stateOf(other)).toMatchObject({
      state: 'standby',
      detail: expect.stringContaining('nother instance'),
    })
    await one.engine.stop()
    await until(() => stateOf(other).state === 'ready', 'the other to take over')
    await other.trip()
    for (const platform of platforms(one)) {
      await untilButton(platform, 'ack')
      expect([platform.most, [...platform.connected]]).toEqual([1, ['other']])
    }
  })

  test('is let go before another may have it when the lease cannot be renewed', async () => {
    let isAway = false
    const away = new Promise<never>(() => {})
    const storeSeen = (store: Store): Partial<Store> => ({
      lease: (...lease) => (isAway ? away : store.lease(...lease)),
    })
    const [one, other] = await startTwo({ storeSeen })
    isAway = true
    await until(() => stateOf(other).state === 'ready', 'the other to take over')
    expect(stateOf(one)).toMatchObject({ state: 'waiting', detail: expect.stringContaining('store') })
    for (const platform of platforms(one)) {
      await until(() => platform.connected.has('other'), 'the other to be connected')
      expect(platform.most).toBe(1)
    }
  })

  test('is taken up again by the same instance when the store is back', async () => {
    let isAway = false
    const storeSeen = (store: Store): Partial<Store> => ({
      lease: (...lease) => (isAway ? Promise.reject(new Error('away')) : store.lease(...lease)),
    })
    const one = await startRig({ holdTiming, storeSeen })
    isAway = true
    await until(() => one.telegram.connected.size === 0, 'it to be let go')
    isAway = false
    await until(() => stateOf(one, 'telegram').state === 'ready', 'it to be taken up again')
    await one.trip()
    await untilButton(one.telegram, 'ack')
    expect(one.telegram.most).toBe(1)
  })
})

describe('two instances', () => {
  test('make one card of a trip that was pushed to both, and count it once', async () => {
    const [one, other] = await startTwo()
    const body = {
      type: 'event',
      device: 820720,
      ts: one.now(),
      data: { name: 'trip', state: { power: '0', fault: 'overload' } },
    }
    await Promise.all([one.push(body), other.push(body)])
    for (const platform of platforms(one)) {
      await untilButton(platform, 'ack')
      expect(platform.shown).toHaveLength(1)
    }
    expect(await one.store.audit({ limit: 10 })).toHaveLength(1)
  })

  test('answer a press at the one that took it, whichever decides', async () => {
    const [one] = await startTwo({ storeSeen: decidesNothing })
    await one.trip()
    await untilButton(one.dingtalk, 'ack')
    const answer = await one.press(one.dingtalk, '1', 'ack')
    expect(answer.toast).toContain('甲')
    expect(answer.card?.buttons.map((button) => button.action)).not.toContain('ack')
    await until(async () => {
      const records = await one.store.list<{ shown: number }>({ kind: `card` })
      return records.length === 3 && records.every(({ value }) => value.shown >= 2)
    }, 'the answer to be noted as shown')
  })

  test('both know the new id of a chat that moved', async () => {
    const [one, other] = await startTwo({ storeSeen: decidesNothing })
    const moved = { kind: 'moved', id: 'm', chat: GROUP.telegram, to: '-200', at: one.now() } as const
    await one.telegram.receive(moved).taken
    await until(async () => {
      await other.say(one.telegram, '1', '绑定', other.now(), '-200').taken
      return texts(one.telegram).some((text) => text.includes('night'))
    }, 'the new chat to be known as the room’s')
  })

  test('count the pushes together that could not be read', async () => {
    const [one, other] = await startTwo()
    await one.engine.pushes.keepUnreadable('{"', 'no JSON')
    await until(() => other.engine.pushes.unreadable() === 1, 'the other to count it')
    expect(one.engine.pushes.unreadable()).toBe(1)
  })

  test('answer a stranger three times in all', async () => {
    const [one, other] = await startTwo()
    for (const from of [one, other, one, other, one]) await from.say(one.telegram, '99', '我是谁').taken
    await until(async () => !(await one.store.counts()).events?.waiting, 'all to be decided upon')
    await untilSays(one.telegram, '99')
    await one.say(one.telegram, '1', '我是谁').taken
    await untilSays(one.telegram, '甲')
    expect(texts(one.telegram).filter((text) => text.includes('99'))).toHaveLength(3)
  })
})

describe('what an admin should know', () => {
  const chief = { name: '场长', role: 'admin', ids: { telegram: '7' } } as const
  const withoutTelegram = (store: Store): Partial<Store> => ({
    lease: async (name, ...rest) => name !== 'bot:telegram' && store.lease(name, ...rest),
  })

  test('is told by the instance that holds the connection, whichever learned of it', async () => {
    const policy = testPolicy({ people: [chief] })
    const [one, other] = await startTwo({ policy, storeSeen: withoutTelegram }, { policy })
    expect(stateOf(other, 'telegram').state).toBe('ready')
    for (const [from, device] of [
      [one, '1'],
      [other, '2'],
    ] as const)
      await from.trip('overload', device)
    await until(() => one.telegram.shown.length === 2, 'both to be told')
    expect(one.telegram.shown.map(({ chat }) => chat)).toEqual(['7', '7'])
    expect([...one.wecom.shown, ...one.dingtalk.shown]).toEqual([])
  })

  test('goes to a room while the admin cannot be reached, and to the admin later if no room can', async () => {
    const policy = testPolicy({ people: [chief] })
    const rig = await startRig({ policy })
    const refused = { outcome: 'refused', why: 'blocked' } as const
    rig.telegram.fault = (chat) => (chat === '7' ? { outcome: 'later', why: 'slow down' } : refused)
    rig.dingtalk.fault = () => refused
    await rig.trip('overload', '1')
    await until(() => rig.wecom.shown.length === 1, 'the room to be told')
    rig.wecom.fault = () => refused
    await rig.trip('overload', '2')
    let tried = 0
    rig.telegram.fault = (chat) =>
      chat === '7' && ++tried > 1 ? undefined : { outcome: 'later', why: 'busy' }
    await until(() => rig.telegram.shown.some(({ chat }) => chat === '7'), 'the admin to be told')
    expect(rig.wecom.shown).toHaveLength(1)
    expect(cardOf(rig.wecom.shown[0]!)).toBeUndefined()
  })
})
