import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { botMessages, CARDS, createReadyRig, dataOf, GROUP, type Rig, updates } from './rig.ts'

const ack = dataOf('ack')
const acknowledged = CARDS.acknowledged!
const late = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const seenBy = ({ sim }: Rig, userid: string) => sim.cardAsSeenBy('card-1', userid)!

test('I1: a press is handed over, and the new card is the answer, for all', async () => {
  const rig = await createReadyRig()
  const { sim, engine, shown } = rig
  engine.answer = async () => ({ card: acknowledged, toast: '已确认' })
  const click = sim.click('card-1', 'lisi', ack)
  expect(await click.outcome).toBe('updated')
  await until(() => shown.length === 1, 'the word about it')
  expect(shown).toEqual([true])
  expect(rig.presses()).toEqual([
    {
      kind: 'press',
      id: click.msgid,
      chat: GROUP,
      sender: { id: 'lisi' },
      data: ack,
      message: 'card-1',
      at: expect.toSatisfy((at) => Math.abs(at - sim.clock.now()) < 3_000),
    },
  ])
  const [update] = updates(sim)
  expect(update).toMatchObject({
    reqId: click.reqId,
    frame: { body: { response_type: 'update_template_card' } },
  })
  expect(update!.frame!.body).not.toHaveProperty('userids')
  for (const userid of ['lisi', 'zhangsan']) {
    expect(seenBy(rig, userid)).toMatchObject({ version: 2, desc: acknowledged.subtitle, private: false })
  }
  expect(botMessages(sim)).toHaveLength(1)
})

test('I2: a refusal stands on the copy of the presser alone', async () => {
  const rig = await createReadyRig()
  const { sim, engine, shown } = rig
  engine.answer = async () => ({ card: acknowledged, toast: '你不能合闸', alert: true, privately: true })
  expect(await sim.click('card-1', 'lisi', ack).outcome).toBe('updated')
  await until(() => shown.length === 1, 'the word about it')
  expect(shown).toEqual([false])
  expect(updates(sim)[0]!.frame!.body).toMatchObject({ userids: ['lisi'] })
  expect(seenBy(rig, 'lisi').subTitle).toMatch(/^你不能合闸\n/)
  expect(seenBy(rig, 'lisi').private).toBe(true)
  expect(seenBy(rig, 'zhangsan').version).toBe(1)
  expect(botMessages(sim)).toHaveLength(1)
})

test('a sentence without a card takes the place of the copy of the presser', async () => {
  const rig = await createReadyRig()
  rig.engine.answer = async () => ({ toast: 'You are not on the list; nothing was done. Your id: lisi.' })
  expect(await rig.sim.click('card-1', 'lisi', ack).outcome).toBe('updated')
  expect(seenBy(rig, 'lisi')).toMatchObject({
    private: true,
    subTitle: 'You are not on the list; nothing was done. Your id: lisi.',
    buttons: [{ text: 'OK', key: 'noop' }],
  })
  expect(seenBy(rig, 'zhangsan').version).toBe(1)
})

test('a warning that the card for all has no room for is said not to be shown', async () => {
  const rig = await createReadyRig()
  rig.engine.answer = async () => ({ card: acknowledged, toast: '设备离线', alert: true })
  expect(await rig.sim.click('card-1', 'lisi', ack).outcome).toBe('updated')
  await until(() => rig.told.length === 1, 'the word about it')
  expect([rig.shown, rig.told]).toEqual([[true], [false]])
})

test('a press that changes nothing is not answered', async () => {
  const { sim, shown } = await createReadyRig()
  sim.click('card-1', 'lisi', ack)
  await until(() => shown.length === 1, 'the word about it')
  expect(shown).toEqual([false])
  expect(updates(sim)).toHaveLength(0)
})

test('I3: the same frame twice is one press and one answer; a second press is another', async () => {
  const { sim, engine, presses, shown } = await createReadyRig()
  engine.answer = async () => ({ card: acknowledged })
  sim.faults.duplicateNextCallback(2)
  const first = sim.click('card-1', 'lisi', ack)
  const second = sim.forgeClick({ taskId: 'card-1', userid: 'lisi', key: ack })
  expect(await Promise.all([first.outcome, second.outcome])).toEqual(['updated', 'updated'])
  await until(() => shown.length === 2, 'the word about both')
  expect(presses().map(({ id }) => id)).toEqual([first.msgid, second.msgid])
  expect(updates(sim).map(({ reqId }) => reqId)).toEqual([first.reqId, second.reqId])
})

test('a frame that comes again after it could not be taken is handed over again', async () => {
  const { sim, engine, presses, lines } = await createReadyRig()
  let full = true
  engine.taken = async () => {
    if (full) throw new Error('disk full')
  }
  engine.answer = async () => ({ card: acknowledged })
  const click = sim.click('card-1', 'lisi', ack)
  await until(() => lines.some((line) => line.includes('disk full')), 'the log')
  expect(updates(sim)).toHaveLength(0)
  full = false
  const { text } = sim
    .frames()
    .find(({ reqId, direction }) => reqId === click.reqId && direction === 'received')!
  sim.faults.sendRaw(text)
  expect(await click.outcome).toBe('updated')
  expect(presses().map(({ id }) => id)).toEqual([click.msgid, click.msgid])
})

describe('I7: slow decisions', () => {
  test('one that comes in time is shown, though it took long', async () => {
    const { sim, engine } = await createReadyRig()
    engine.taken = () => late(300)
    engine.answer = async () => late(600).then(() => ({ card: acknowledged }))
    const before = performance.now()
    expect(await sim.click('card-1', 'lisi', ack).outcome).toBe('updated')
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  test.for(['taken', 'answer'] as const)(
    'one whose %s comes too late is never shown on the card',
    async (slow) => {
      const { sim, engine, shown } = await createReadyRig({ timing: { answerWithin: 200 } })
      const answer = slow === 'answer' ? late(400) : late(0)
      engine.taken = () => (slow === 'taken' ? late(400) : late(0))
      engine.answer = async () => answer.then(() => ({ card: acknowledged }))
      sim.click('card-1', 'lisi', ack)
      await until(() => shown.length === 1, 'the word about it')
      await late(400)
      expect(shown).toEqual([false])
      expect(updates(sim)).toHaveLength(0)
    },
  )

  test('by default the answer leaves within 2.5 s', async () => {
    const { sim, engine, shown } = await createReadyRig()
    engine.answer = () => new Promise(() => {})
    const before = performance.now()
    sim.click('card-1', 'lisi', ack)
    await until(() => shown.length === 1, 'the word about it')
    expect(performance.now() - before).toBeLessThan(2_500)
  })
})

test.for([846604, 846605, 846606, 42045])(
  'I8: refused with %i: not tried again, the card said not to be shown, nor the toast',
  async (errcode) => {
    const { sim, engine, shown, told } = await createReadyRig()
    engine.answer = async () => ({ card: acknowledged, toast: '请稍后', alert: true, privately: true })
    sim.faults.failNext({ errcode, cmd: 'aibot_respond_update_msg' })
    sim.click('card-1', 'lisi', ack)
    await until(() => shown.length === 1, 'the word about it')
    expect([shown, told]).toEqual([[false], [false]])
    expect(botMessages(sim)).toHaveLength(1)
    expect(updates(sim)).toHaveLength(1)
  },
)

test('I8: a mere notice that could not be shown is let go', async () => {
  const { sim, engine, shown } = await createReadyRig()
  engine.answer = async () => ({ card: acknowledged, toast: '已确认' })
  sim.faults.failNext({ errcode: 846604, cmd: 'aibot_respond_update_msg' })
  sim.click('card-1', 'lisi', ack)
  await until(() => shown.length === 1, 'the word about it')
  expect(shown).toEqual([false])
  expect(botMessages(sim)).toHaveLength(1)
})

test('I6: an old press is told to be old, and one on an unknown card is handed over too', async () => {
  const { sim, presses } = await createReadyRig()
  sim.forgeClick({ taskId: 'card-1', userid: 'lisi', key: ack, ageS: 600 })
  sim.forgeClick({ taskId: 'never-sent', userid: 'lisi', key: 'whatever', chat: GROUP })
  await until(() => presses().length === 2, 'the presses')
  const [old, unknown] = presses()
  expect(sim.clock.now() - old!.at).toBeGreaterThanOrEqual(600_000)
  expect(unknown).toMatchObject({ message: 'never-sent', data: 'whatever' })
})

test('a press in a one-to-one chat names it by the person', async () => {
  const { sim, presses, engine } = await createReadyRig()
  engine.answer = async () => ({ card: acknowledged })
  sim.forgeClick({ taskId: 'card-1', userid: 'lisi', key: ack, chat: { user: 'lisi' } })
  await until(() => presses().length === 1, 'the press')
  expect(presses()[0]!.chat).toBe('user:lisi')
})
