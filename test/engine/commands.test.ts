import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { BreakerState } from '../../src/domain/breaker.ts'
import type { Incident } from '../../src/domain/incident.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { TOKENS } from '../support/tokens.ts'
import { until } from '../support/until.ts'
import { lastCard, newFolder, PUMP, type Rig, startRig, testPolicy, untilButton, untilSays } from './rig.ts'

/** Up to the point where one more press sends the command. */
async function askToClose(rig: Rig): Promise<void> {
  await rig.trip()
  await untilButton(rig.telegram, 'reclose')
  await rig.press(rig.telegram, '1', 'reclose')
  await untilButton(rig.telegram, 'confirm')
}

describe('a command leaves', () => {
  test('once, after the confirming step', async () => {
    const rig = await startRig()
    await askToClose(rig)
    expect(rig.cloud.commands).toEqual([])
    await rig.press(rig.telegram, '1', 'confirm')
    await untilSays(rig.telegram, '已发出')
    expect(rig.cloud.commands).toEqual([`close ${PUMP} power`])
  })
})

describe('the card of an operation', () => {
  test('is brought to its end also when the next operation has begun before the chat could be told', async () => {
    const rig = await startRig()
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    await rig.say(rig.telegram, '1', '分闸 3号增氧机').taken
    await untilSays(rig.telegram, '已发出')
    const [shown] = rig.telegram.shown
    rig.telegram.fault = (_chat, _content, key) =>
      key === shown!.message ? { outcome: 'later', why: 'busy', retryAfter: 500 } : undefined
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '0' } })
    await until(async () => (await operationIn(rig.store))?.stage === 'done', 'the opening')
    await rig.say(rig.telegram, '1', '合闸 3号增氧机').taken
    await untilSays(rig.telegram, '请求合闸')
    rig.telegram.fault = () => undefined
    rig.clock.ahead += 1000
    await untilSays(rig.telegram, '已分闸')
  })

  test('says what is not known of one that got lost, once another takes its place', async () => {
    const rig = await startRig()
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    await rig.say(rig.telegram, '1', '分闸 3号增氧机').taken
    await untilSays(rig.telegram, '已发出')
    const lost = (await operationIn(rig.store))!.id
    // Its timer is kept from running: as if what it leads to had got lost.
    await rig.store.commit({ cancel: [`timer:feedback:${lost}`] })
    rig.clock.ahead += 61_000
    await rig.say(rig.telegram, '1', '分闸 3号增氧机').taken
    await untilSays(rig.telegram, '未得到断路器回报')
    const audit = await rig.store.audit({ limit: 1000 })
    expect(audit).toContainEqual(
      expect.objectContaining({ what: 'operation.unconfirmed', details: { operation: lost } }),
    )
  })
})

test('a trip that the breaker has named stays one when an open that was under way is reported, too', async () => {
  const rig = await startRig()
  await rig.push({ type: 'state', device: PUMP, ts: rig.now() - 1000, data: { power: '1' } })
  await rig.say(rig.telegram, '1', '分闸 3号增氧机').taken
  await untilSays(rig.telegram, '已发出')
  const { ref, askedAt } = (await operationIn(rig.store))!
  const state = { power: '0', fault: 'under-voltage' }
  // It tripped before it was asked to open; the push was judged after that.
  await rig.push({ type: 'event', device: PUMP, ts: askedAt - 10, data: { name: 'trip', state } })
  await untilSays(rig.telegram, '跳闸（欠压）')
  await rig.push({ type: 'order', device: PUMP, ts: rig.now(), data: { power: '0', extra: ref } })
  await until(async () => !(await rig.store.busy(`breaker:${PUMP}`)), 'the report to be judged')
  const [incident] = await rig.store.list<Incident>({ kind: 'incident' })
  expect(incident!.value).toMatchObject({ status: 'open', cause: 'under-voltage' })
})

describe('a command does not leave', () => {
  test('while something that the breaker has said is not judged yet', async () => {
    const held = Promise.withResolvers<void>()
    let isHeld = false
    let hasAsked = false
    const storeSeen = (store: Store): Partial<Store> => ({
      work: (queue, options, handler) =>
        store.work(queue, options, async (job) => {
          if (isHeld && job.id.startsWith('push:')) await held.promise
          return handler(job)
        }),
      busy(lane) {
        hasAsked = true
        return store.busy(lane)
      },
    })
    const rig = await startRig({ storeSeen })
    await askToClose(rig)
    rig.cloud.beforeInfo = async () => {
      rig.cloud.beforeInfo = () => {}
      isHeld = true
      await rig.trip('short-circuit')
    }
    await rig.press(rig.telegram, '1', 'confirm')
    await until(() => hasAsked || rig.cloud.commands.length > 0, 'the command to be about to leave')
    expect(rig.cloud.commands).toEqual([])
    held.resolve()
    await untilSays(rig.telegram, '须到现场检查')
    await rig.stop()
    expect(rig.cloud.commands).toEqual([])
  })

  test('when it is confirmed after a push that has still to be judged', async () => {
    const held = Promise.withResolvers<void>()
    let isHeld = false
    const storeSeen = (store: Store): Partial<Store> => ({
      work: (queue, options, handler) =>
        store.work(queue, options, async (job) => {
          if (isHeld && job.id.startsWith('push:')) await held.promise
          return handler(job)
        }),
      commit: async (commit) => (isHeld && commit.takes ? 'conflict' : store.commit(commit)),
    })
    const rig = await startRig({ storeSeen })
    await askToClose(rig)
    isHeld = true
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '0' } })
    const pressed = rig.press(rig.telegram, '1', 'confirm')
    await until(async () => (await rig.store.counts()).events?.waiting === 1, 'the press to wait')
    await rig.trip('short-circuit')
    held.resolve()
    await pressed
    await untilSays(rig.telegram, '须到现场检查')
    const audit = await rig.store.audit({ limit: 1000 })
    expect(audit.map((row) => row.what)).not.toContain('close.confirmed')
    expect(rig.cloud.commands).toEqual([])
  })

  test('when it is confirmed while a push is just being judged', async () => {
    const held = Promise.withResolvers<void>()
    let isHeld = false
    const storeSeen = (store: Store): Partial<Store> => ({
      async commit(commit) {
        if (isHeld && commit.takes) await held.promise
        return store.commit(commit)
      },
    })
    const rig = await startRig({ storeSeen })
    await askToClose(rig)
    isHeld = true
    const tripped = rig.trip('short-circuit')
    await rig.press(rig.telegram, '1', 'confirm')
    held.resolve()
    await tripped
    await untilSays(rig.telegram, '须到现场检查')
    const audit = await rig.store.audit({ limit: 1000 })
    expect(audit.map((row) => row.what)).toContain('close.confirmed')
    expect(rig.cloud.commands).toEqual([])
  })

  test('a second time when it was cut off after it had been marked as begun, whether it left or not', async () => {
    const storeSeen = (store: Store): Partial<Store> => ({
      async begin(job, attempt) {
        await store.begin(job, attempt)
        throw new Error('the power went')
      },
    })
    const rig = await startRig({ storeSeen })
    await askToClose(rig)
    await rig.press(rig.telegram, '1', 'confirm')
    await untilSays(rig.telegram, '没有答复')
    rig.clock.ahead += 3000
    await untilSays(rig.telegram, '未得到断路器回报')
    await rig.stop()
    expect(rig.cloud.commands).toEqual([])
  })

  test('after a new trip has overtaken it on its way', async () => {
    const rig = await startRig()
    await askToClose(rig)
    rig.cloud.beforeInfo = async () => {
      rig.cloud.beforeInfo = () => {}
      await rig.trip('short-circuit')
      await untilSays(rig.telegram, '短路')
    }
    await rig.press(rig.telegram, '1', 'confirm')
    await until(async () => (await rig.store.counts()).commands?.waiting === undefined, 'the call to be over')
    await untilSays(rig.telegram, '须到现场检查')
    await rig.stop()
    expect(rig.cloud.commands).toEqual([])
  })

  test('after a state has named a cause that forbids it', async () => {
    const rig = await startRig()
    await rig.trip('something nobody knows')
    await untilButton(rig.telegram, 'reclose')
    await rig.press(rig.telegram, '1', 'reclose')
    await untilButton(rig.telegram, 'confirm')
    rig.cloud.beforeInfo = async () => {
      rig.cloud.beforeInfo = () => {}
      const data = { power: '0', fault: 'short-circuit' }
      await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data })
      await untilSays(rig.telegram, '短路')
    }
    await rig.press(rig.telegram, '2', 'confirm')
    await untilSays(rig.telegram, '命令没有发出')
    await rig.stop()
    expect(rig.cloud.commands).toEqual([])
  })

  test('after the breaker was closed at its lever meanwhile', async () => {
    const rig = await startRig()
    await askToClose(rig)
    rig.cloud.beforeInfo = async () => {
      await rig.push({
        type: 'event',
        device: PUMP,
        ts: rig.now(),
        data: { name: 'btn', state: { power: '1' } },
      })
      await untilSays(rig.telegram, '已合闸')
    }
    await rig.press(rig.telegram, '1', 'confirm')
    await untilSays(rig.telegram, '已合闸')
    await rig.stop()
    expect(rig.cloud.commands).toEqual([])
  })

  test('when it was typed long ago and the platform delivers it only now', async () => {
    const rig = await startRig()
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    await rig.say(rig.telegram, '1', '分闸 3号增氧机', rig.now() - 3 * 3_600_000).taken
    await untilSays(rig.telegram, '来得太晚')
    expect(rig.cloud.commands).toEqual([])
  })

  test('when the confirming press lay in the inbox for more than 10 s', async () => {
    const folder = newFolder()
    const first = await startRig({ folder })
    await askToClose(first)
    const { chat, message, content } = lastCard(first.telegram)!
    const button =
      'card' in content ? content.card.buttons.find((one) => one.action === 'confirm')! : undefined
    await first.stop()
    await withStore(folder, async (store) => {
      const input = {
        kind: 'press',
        id: 'late',
        chat,
        message,
        sender: { id: '1' },
        data: button!.data,
        at: Date.now(),
      }
      const payload = { from: 'press', channel: 'telegram', input, pressed: TOKENS.open(button!.data) }
      await store.enqueue([{ id: 'press:telegram:late', queue: 'events', lane: `breaker:${PUMP}`, payload }])
    })
    const second = await startRig({ folder, ahead: 20_000 })
    await untilSays(second.telegram, '甲 按的按钮：收到太晚，没有执行。请发送：确认合闸 3号增氧机')
    expect((await operationIn(second.store))?.stage).toBe('asked')
    expect(second.cloud.commands).toEqual([])
  })

  test('for a breaker that was taken out of the configuration', async () => {
    const folder = newFolder()
    const first = await startRig({ folder })
    await askToClose(first)
    await first.stop()
    await withStore(folder, async (store) => {
      const { id: operation, ref } = (await operationIn(store))!
      const work = {
        what: 'switch',
        breaker: PUMP,
        operation,
        circuit: 'power',
        to: 'closed',
        ref,
        askedAt: Date.now(),
      }
      await store.enqueue([
        { id: `switch:${operation}`, queue: 'commands', lane: `command:${PUMP}:power`, payload: work },
      ])
    })
    const { breakers } = testPolicy()
    const second = await startRig({
      folder,
      policy: testPolicy({ breakers: breakers.filter(({ id }) => id !== PUMP) }),
    })
    await until(async () => (await second.store.deadJobs()).length > 0, 'the outcome to be laid aside')
    expect(second.cloud.commands).toEqual([])
  })
})

async function withStore(folder: string, work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openSqliteStore(join(folder, 'breakerbot.db'))
  await work(store)
  await store.close()
}

async function operationIn(store: Store) {
  const breaker = await store.get<BreakerState>(`breaker/${PUMP}`)
  return breaker?.value.circuits.power?.operation
}
