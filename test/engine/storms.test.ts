import { describe, expect, test } from 'vitest'
import type { Incident } from '../../src/domain/incident.ts'
import type { Person } from '../../src/domain/people.ts'
import type { Storm } from '../../src/domain/storm.ts'
import { newStorm, QUIET } from '../../src/domain/storm.ts'
import { PRIORITY } from '../../src/engine/queues.ts'
import { changedJob, stormWrite } from '../../src/engine/storm-state.ts'
import type { NewJob } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import type { FakeChannel, Shown } from './fakes.ts'
import { breaker, cardOf, GROUP, type Rig, startRig, testPolicy, texts, untilSays } from './rig.ts'

const RULES = { more: 3, within: 10_000 }
const SITE = '一号鱼塘'

/** `820000`, `820001` … */
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `${820_000 + from + n}`)
const fleet = (count: number, more: object = {}) =>
  ids(count).map((id) => ({ ...breaker(id, `机${id}`), ...more }))
const policyOf = (count: number, more: Parameters<typeof testPolicy>[0] = {}) =>
  testPolicy({ breakers: fleet(count), storm: RULES, ...more })

const isStorm = (one: Shown) => cardOf(one)?.subject.startsWith('-.') === true
const stormCards = (channel: FakeChannel) => channel.shown.filter(isStorm)
const singles = (channel: FakeChannel) => channel.shown.filter((one) => cardOf(one) && !isStorm(one))

/** Waits until the storm's card in a chat says something. */
const untilCard = (channel: FakeChannel, says: string) =>
  until(
    () => stormCards(channel).find((one) => textOf(one).includes(says)),
    `a storm card with «${says}»; there is ${JSON.stringify(texts(channel))}`,
  )
const textOf = (one: Shown) => {
  const card = cardOf(one)!
  return [
    card.title,
    card.subtitle,
    ...card.rows.map(({ value }) => value),
    ...card.notes,
    ...card.story,
  ].join('\n')
}

async function tripAll(rig: Rig, devices: string[], fault = 'under-voltage') {
  await Promise.all(devices.map((device) => rig.trip(fault, device)))
}
const close = (rig: Rig, device: string) =>
  rig.push({ type: 'state', device, ts: rig.now(), data: { power: '1', voltage: '229.8' } })

const storms = async (rig: Rig) => (await rig.store.list<Storm>({ kind: 'storm' })).map((one) => one.value)

describe('when many incidents open at one site', () => {
  test('the first have cards of their own, the others one card with their number', async () => {
    const rig = await startRig({ policy: policyOf(12) })
    await tripAll(rig, ids(12))
    for (const channel of [rig.telegram, rig.dingtalk, rig.wecom]) {
      const card = await untilCard(channel, '9 起跳闸')
      expect(singles(channel)).toHaveLength(3)
      expect(textOf(card)).toContain(`${SITE} 9`)
      expect(textOf(card)).toContain('欠压 9')
      expect(cardOf(card)!.buttons.map((one) => one.action)).toEqual(['ack'])
    }
  })

  test('one press acknowledges all, in the name of the one who pressed; a second one is told so', async () => {
    const rig = await startRig({ policy: policyOf(40) })
    await tripAll(rig, ids(40))
    const card = await untilCard(rig.telegram, '37 起跳闸')
    expect(await rig.press(rig.telegram, '1', 'ack', card)).toMatchObject({
      toast: '确认 37 起，由 甲 负责。',
    })
    expect((await rig.press(rig.telegram, '2', 'ack', card)).toast).toContain('甲 已确认全部')
    rig.clock.ahead += 6000
    await untilCard(rig.telegram, '37 起已确认未合闸')
    const audit = (await rig.store.audit({ limit: 1000 })).filter((one) => one.what.endsWith('acknowledged'))
    expect(audit.filter((one) => one.what === 'incident.acknowledged').map((one) => one.who)).toEqual(
      Array(37).fill('甲'),
    )
    expect(audit.filter((one) => one.what === 'storm.acknowledged')).toHaveLength(1)
  })

  test('what somebody may not acknowledge stays open, and is said', async () => {
    const breakers = fleet(12).map((one, n) => (n < 6 ? one : { ...one, site: '二号鱼塘' }))
    const local = {
      name: '甲',
      roles: [{ role: 'operator', sites: [SITE], groups: [] }],
      ids: { telegram: '1' },
    }
    const viewer = { name: '看客', role: 'viewer', ids: { telegram: '3' } }
    const people = [local, viewer] as Person[]
    const rig = await startRig({ policy: policyOf(12, { breakers, people }) })
    await tripAll(rig, ids(12))
    const card = await untilCard(rig.telegram, '6 起跳闸')
    expect(await rig.press(rig.telegram, '3', 'ack', card)).toMatchObject({ alert: true })
    expect(await rig.press(rig.telegram, '9', 'ack', card)).toMatchObject({ alert: true })
    expect((await rig.press(rig.telegram, '1', 'ack', card)).toast).toContain('另有 3 起不在其权限内')
    rig.clock.ahead += 6000
    await untilCard(rig.telegram, '3 起已确认未合闸')
    expect(textOf(card)).toContain('3 起待确认')
  })

  test('a typed word acknowledges all, in answer to the card or where nothing else waits', async () => {
    const rig = await startRig({ policy: policyOf(12) })
    await tripAll(rig, ids(12))
    const card = await untilCard(rig.telegram, '9 起跳闸')
    rig.say(rig.telegram, '1', '确认')
    await untilSays(rig.telegram, '有多项待确认')
    rig.telegram.receive({
      kind: 'text',
      id: 'answer',
      chat: GROUP.telegram,
      group: true,
      sender: { id: '1' },
      text: '确认',
      replyTo: card.message,
      at: rig.now(),
    })
    await untilSays(rig.telegram, '确认 9 起')
  })
})

describe('a storm that has passed', () => {
  test('turns back into single cards when few are left, and says how it ended', async () => {
    const rig = await startRig({ policy: policyOf(12) })
    await tripAll(rig, ids(12))
    await untilCard(rig.telegram, '9 起跳闸')
    const [storm] = await storms(rig)
    rig.clock.ahead += 10_000
    const members = (await rig.store.list<{ breaker: string }>({ kind: `storm-${storm!.id}` })).map(
      (one) => one.value,
    )
    expect(members).toHaveLength(9)
    for (const member of members.slice(0, 7)) await close(rig, member.breaker)
    rig.clock.ahead += 10_000
    await untilCard(rig.telegram, '7 起已合闸')
    rig.clock.ahead += QUIET
    const card = await untilCard(rig.telegram, '已结束')
    expect(textOf(card)).toContain('2 起见单独卡片')
    await until(() => singles(rig.telegram).length === 5, 'cards of their own')
    for (const { breaker: id } of members.slice(7))
      expect(texts(rig.telegram).some((text) => text.includes(`机${id}`))).toBe(true)
    await until(
      async () => (await rig.store.list({ kind: `storm-${storm!.id}` })).length === 0,
      'the members to go',
    )
    // What trips from now on has a card of its own.
    await rig.trip('leakage', members[0]!.breaker)
    await until(() => singles(rig.telegram).length === 6, 'one more card')
  })

  test('keeps its card while many are open; what trips then has a card of its own', async () => {
    const rig = await startRig({ policy: policyOf(13) })
    await tripAll(rig, ids(12))
    await untilCard(rig.telegram, '9 起跳闸')
    rig.clock.ahead += QUIET + 1000
    await until(async () => (await storms(rig))[0]?.phase === 'standing', 'the storm to stand')
    await rig.trip('leakage', ids(1, 12)[0])
    await until(() => singles(rig.telegram).length === 4, 'a card of its own')
    expect(textOf(await untilCard(rig.telegram, '9 起跳闸'))).toContain('9 起待确认')
  })
})

test('what joins in the very moment in which a storm ends has an urgent card of its own', async () => {
  const [late] = ids(1, 12)
  const [joining, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const jobs: NewJob[] = []
  const rig = await startRig({
    policy: policyOf(13),
    storeSeen: (store) => ({
      async commit(commit) {
        const isLate = commit.writes?.some(({ key, value }) => {
          const { breaker, version } = (value ?? {}) as Partial<Incident>
          return key.startsWith('incident/') && breaker === late && version === 1
        })
        if (isLate) {
          joining.resolve()
          await over.promise
        }
        jobs.push(...(commit.jobs ?? []))
        return store.commit(commit)
      },
    }),
  })
  await tripAll(rig, ids(12))
  await untilCard(rig.telegram, '9 起跳闸')
  for (const id of ids(12)) await close(rig, id)
  rig.clock.ahead += 10_000
  await untilCard(rig.telegram, '9 起已合闸')
  rig.clock.ahead += 40_000
  await rig.trip('overload', late)
  await joining.promise
  rig.clock.ahead += 20_000
  await until(async () => (await storms(rig))[0]?.phase === 'over', 'the storm to end')
  over.resolve()
  rig.clock.ahead += 6000
  const own = await until(() => singles(rig.telegram)[3], 'a card of its own')
  expect(textOf(own)).toContain(`机${late}`)
  const [incident] = (await rig.store.list<Incident>({ kind: 'incident', open: true })).map(
    (one) => one.value,
  )
  const cards = jobs.filter(({ id }) => id.startsWith(`card:${incident!.id}:`))
  expect(cards.map((one) => one.priority)).toEqual(Array(3).fill(PRIORITY.alarm))
})

test('a storm whose first incident was never decided upon ends by itself, without a card', async () => {
  const rig = await startRig({ policy: policyOf(1) })
  const storm = newStorm('s1', 'night', SITE, rig.now())
  await rig.store.commit({
    writes: [stormWrite(storm, 0)],
    jobs: [changedJob('report', storm, rig.now())],
  })
  rig.clock.ahead += QUIET
  await until(async () => (await storms(rig))[0]?.phase === 'over', 'it to end')
  expect(await storms(rig)).toMatchObject([{ phase: 'over', version: 0 }])
  await rig.trip('overload', ids(1)[0])
  await until(() => singles(rig.telegram).length === 1, 'a card of its own for what trips then')
  expect(rig.telegram.shown.filter(isStorm)).toEqual([])
})

test('who asks to close one of them has its card with the confirming step, and is told the outcome', async () => {
  const rig = await startRig({ policy: policyOf(12) })
  await tripAll(rig, ids(12))
  await untilCard(rig.telegram, '9 起跳闸')
  const [storm] = await storms(rig)
  const [member] = (await rig.store.list<{ breaker: string }>({ kind: `storm-${storm!.id}` })).map(
    (one) => one.value,
  )
  rig.clock.ahead += 1000
  rig.say(rig.telegram, '1', `合闸 机${member!.breaker}`)
  const own = await until(
    () =>
      singles(rig.telegram).find((one) => cardOf(one)!.buttons.some(({ action }) => action === 'confirm')),
    'the confirming step',
  )
  expect(textOf(own)).toContain(`机${member!.breaker}`)
  await rig.press(rig.telegram, '1', 'confirm', own)
  await until(() => rig.cloud.commands.length === 1, 'the command')
  await close(rig, member!.breaker)
  await until(() => textOf(own).includes('已合闸'), 'the outcome on its card')
  rig.clock.ahead += 6000
  await untilCard(rig.telegram, '1 起见单独卡片')
})

test('notices of its breakers do not come one by one', async () => {
  const rig = await startRig({ policy: policyOf(30) })
  await tripAll(rig, ids(30))
  await untilCard(rig.telegram, '27 起跳闸')
  rig.clock.ahead += 6000
  const offline = (device: string) => rig.push({ type: 'offline', device, ts: rig.now() })
  await Promise.all(ids(30).map(offline))
  await untilCard(rig.telegram, '27 起的断路器离线')
  expect(rig.telegram.shown).toHaveLength(3 + 1)
})

test('two instances that see a storm coming make one', async () => {
  const one = await startRig({ policy: policyOf(60) })
  const other = await startRig({ policy: policyOf(60), beside: one })
  await Promise.all(ids(60).map((device, n) => (n % 2 ? one : other).trip('under-voltage', device)))
  await untilCard(one.telegram, '57 起跳闸')
  expect(await storms(one)).toHaveLength(1)
  expect(singles(one.telegram)).toHaveLength(3)
})

test('goes on after a restart in its midst', async () => {
  const rig = await startRig({ policy: policyOf(20) })
  await tripAll(rig, ids(10))
  await untilCard(rig.telegram, '7 起跳闸')
  await rig.engine.stop()
  const next = await startRig({ policy: policyOf(20), beside: rig, instance: 'next' })
  next.clock.ahead += 6000
  await tripAll(next, ids(10, 10))
  await untilCard(next.telegram, '17 起跳闸')
  expect(stormCards(next.telegram)).toHaveLength(1)
  expect(await storms(next)).toHaveLength(1)
})

test('a breaker that is another room’s by now has a card there; one that is gone counts no more', async () => {
  const rig = await startRig({ policy: policyOf(12) })
  await tripAll(rig, ids(12))
  await untilCard(rig.telegram, '9 起跳闸')
  const [storm] = await storms(rig)
  const members = (await rig.store.list<{ breaker: string }>({ kind: `storm-${storm!.id}` })).map(
    (one) => one.value,
  )
  const [moved, gone] = members.map((one) => one.breaker)
  rig.clock.ahead += 6000
  const policy = policyOf(12)
  rig.engine.adopt({
    ...policy,
    rooms: [
      ...policy.rooms,
      { name: 'day', locale: 'zh-CN', chats: [{ channel: 'telegram', chat: '-200' }] },
    ],
    breakers: policy.breakers
      .filter((one) => one.id !== gone)
      .map((one) => (one.id === moved ? { ...one, room: 'day' } : one)),
  })
  const there = await until(
    () => rig.telegram.shown.find((one) => one.chat === '-200'),
    'a card in its new room',
  )
  expect(textOf(there)).toContain(`机${moved}`)
  await untilCard(rig.telegram, '1 起见单独卡片；1 起已不在配置中')
})
