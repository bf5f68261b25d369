import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { GROUP, PEOPLE, untilCard, untilSaid } from './chats.ts'
import { forEachTest, type newFolder, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import { configText, pushTo, type Rig, startRig, untilReady, type World } from './rig.ts'

/** The task ids of the cards that people see in the group, oldest first. */
const tasks = ({ wecom }: Pick<World, 'wecom'>) =>
  wecom.messages(GROUP.wecom).flatMap(({ taskId, hidden }) => (taskId === undefined || hidden ? [] : taskId))
const sentBy = ({ wecom }: Pick<World, 'wecom'>, cmd: string) =>
  wecom.frames().filter((frame) => frame.direction === 'sent' && frame.cmd === cmd)
const keyOf = ({ wecom }: Rig, task: string, button: string) =>
  wecom.cardAsSeenBy(task, PEOPLE.甲.id)!.buttons.find(({ text }) => text === button)!.key

describe('while WeCom is out of reach', () => {
  let world: World
  let folder: ReturnType<typeof newFolder>
  forEachTest((one) => {
    ;({ world, folder } = one)
  })

  test('C11, S10: what waits at a graceful stop is on disk, and is there once after the restart', async () => {
    const config = configText(world, { platforms: ['wecom'] })
    const first = await startProgram(folder.path, config)
    await untilReady(first.url, ['wecom'])
    world.wecom.faults.refuseUpgrade(503, Number.POSITIVE_INFINITY)
    world.wecom.faults.drop()
    for (const device of [820720, 820721, 820730]) await pushTo(first.url, trip(device, Date.now()))
    await until(() => first.ran.err.includes('a message has to wait'), 'a try that came to nothing')
    const ended = await first.terminate()
    expect(ended).toMatchObject({ code: 0, took: expect.toSatisfy((ms) => ms < 10_000) })
    expect(world.wecom.conns().filter(({ open }) => open)).toEqual([])
    expect(tasks(world)).toEqual([])

    world.wecom.faults.clear()
    const second = await startProgram(folder.path, config)
    await until(() => tasks(world).length === 3, 'the cards')
    expect((await second.terminate()).code).toBe(0)
    const titles = tasks(world).map((task) => world.wecom.cardAsSeenBy(task, PEOPLE.甲.id)!.title)
    for (const name of ['3号增氧机', '投饵机', '双泵箱']) {
      expect(titles.filter((title) => title.includes(name))).toHaveLength(1)
    }
  })

  test('W4: an alarm goes by the group robot, once, without buttons; the card with them follows', async () => {
    const key = 'robot-key-of-the-tests'
    world.wecom.addGroupRobot({ key, chatid: GROUP.wecom })
    const robot = `wecom: { groupRobot: { baseUrl: "${world.wecom.url}", key: ${key} },`
    const config = configText(world, { platforms: ['wecom'] }).replace('wecom: {', robot)
    const byRobot = () => world.wecom.messages(GROUP.wecom).filter(({ via }) => via === 'robot')
    const program = await startProgram(folder.path, config)
    await untilReady(program.url, ['wecom'])
    const back = world.wecom.faults.refuseUpgrade(503, Number.POSITIVE_INFINITY)
    world.wecom.faults.drop()
    await pushTo(program.url, trip(820720, Date.now()))
    const [told] = await until(() => byRobot().length > 0 && byRobot(), 'the robot to tell it')
    expect(told!.text).toMatch(/过载.*3号增氧机.*没有按钮/s)
    expect(tasks(world)).toEqual([])
    const tries = () => program.ran.err.split('a message has to wait').length - 1
    await until(() => tries() > 1, 'another try while nothing is connected', 20_000)

    back()
    await untilCard(world.chats.wecom, '过载', ['确认', '合闸'])
    await world.chats.wecom.press('甲', '确认')
    await untilCard(world.chats.wecom, '甲')
    expect([byRobot().length, tasks(world).length]).toEqual([1, 1])
    expect((await program.terminate()).code).toBe(0)
    expect(program.ran.err).not.toContain(key)
  })
})

describe('the service on WeCom', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await startRig({ platforms: ['wecom', 'telegram'] })
  })
  afterEach(() => rig.close())

  const tripped = async (): Promise<string> => {
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.wecom, '过载', ['确认', '合闸'])
    return tasks(rig)[0]!
  }

  test('S10: a card whose answer got lost with the connection stands once', async () => {
    rig.wecom.faults.dropAck({ cmd: 'aibot_send_msg' })
    await rig.cloud.trip(820720)
    await until(() => sentBy(rig, 'aibot_send_msg').length === 1, 'the first try')
    rig.wecom.faults.drop()
    await until(() => sentBy(rig, 'aibot_send_msg').length === 2, 'the second try')
    const codes = () => rig.wecom.frames().map(({ errcode }) => errcode)
    await until(() => codes().includes(42014), 'the word that it is there')
    expect(tasks(rig)).toHaveLength(1)
    await rig.chats.wecom.press('甲', '确认')
    await untilCard(rig.chats.wecom, '甲')
  })

  test('I4: two press within the same moment: the first wins, both are answered', async () => {
    const task = await tripped()
    const ack = keyOf(rig, task, '确认')
    const presses = [PEOPLE.甲.id, PEOPLE.乙.id].map((userid) => rig.wecom.click(task, userid, ack))
    expect(await Promise.all(presses.map(({ outcome }) => outcome))).toEqual(['updated', 'updated'])
    await untilCard(rig.chats.wecom, '甲')
    const acknowledged = rig.audit().filter(({ what }) => what === 'incident.acknowledged')
    expect(acknowledged).toHaveLength(1)
    for (const { id } of [PEOPLE.甲, PEOPLE.乙]) {
      const view = rig.wecom.cardAsSeenBy(task, id)!
      expect(JSON.stringify(view.card)).toContain(acknowledged[0]!.who)
    }
  })

  test('I6: an old press, one on a card that nobody knows, and one after its time do nothing', async () => {
    const task = await tripped()
    const reclose = keyOf(rig, task, '合闸')
    await rig.chats.wecom.press('甲', '合闸')
    await untilCard(rig.chats.wecom, '请求合闸', ['确认合闸'])
    const confirm = keyOf(rig, task, '确认合闸')
    const forge = (key: string, more: object) =>
      rig.wecom.forgeClick({ taskId: task, userid: PEOPLE.甲.id, key, ...more }).outcome
    expect(await forge(confirm, { ageS: 600 })).toBe('updated')
    expect(await forge(reclose, { taskId: 'never-sent', chat: GROUP.wecom })).not.toBe('unanswered')
    const refused = () => rig.audit().filter(({ what }) => what === 'confirm.refused')
    await until(() => refused().length === 1, 'the confirmation to be refused')
    expect(refused()[0]!.details).toMatchObject({ why: 'press.late' })
    expect(rig.cloud.commands).toEqual([])
    expect(rig.cloud.device(820720).positions).toEqual({ power: 'open' })
  })

  test('I7: a cloud that is slow holds up no answer; the outcome comes as a message', async () => {
    const task = await tripped()
    await rig.chats.wecom.press('甲', '合闸')
    await untilCard(rig.chats.wecom, '请求合闸', ['确认合闸'])
    rig.cloud.faults.add({
      when: (call) => call.path === 'device/control',
      effect: { kind: 'slow', ms: 4_000 },
    })
    const before = performance.now()
    expect(await rig.wecom.click(task, PEOPLE.甲.id, keyOf(rig, task, '确认合闸')).outcome).toBe('updated')
    expect(performance.now() - before).toBeLessThan(2_500)
    await untilSaid(rig.chats.wecom, '已合闸')
    expect(rig.cloud.commands).toHaveLength(1)
  })

  test('I9: what is done on Telegram is told by a message, and the old card is mended at its next press', async () => {
    const task = await tripped()
    await untilCard(rig.chats.telegram, '过载', ['确认'])
    const ack = keyOf(rig, task, '确认')
    await rig.chats.telegram.press('乙', '确认')
    await untilSaid(rig.chats.wecom, /乙.*已确认/)
    expect(rig.wecom.cardAsSeenBy(task, PEOPLE.甲.id)!.version).toBe(1)
    expect(await rig.wecom.click(task, PEOPLE.甲.id, ack).outcome).toBe('updated')
    const view = rig.wecom.cardAsSeenBy(task, PEOPLE.甲.id)!
    expect(JSON.stringify(view.card)).toContain('乙')
    expect(view.buttons.map(({ text }) => text)).not.toContain('确认')
  })

  test('M3, M7: an answer to what was typed is a message of its own, so that no window can close on it', async () => {
    const data = { power: '1', voltage: '229.8', current: '12.4', active_power: '2850', energy: '1532.81' }
    await rig.push({ type: 'state', device: 820720, ts: Date.now(), data })
    rig.chats.wecom.say('甲', '电量 3号增氧机')
    await untilSaid(rig.chats.wecom, '2.85 kW')
    expect(sentBy(rig, 'aibot_respond_msg')).toEqual([])
  })

  test('M4: an unknown word gets a short hint, and a chat that is not configured only how to bind it', async () => {
    rig.wecom.addChat({ chatid: 'wrOTHER', members: [PEOPLE.甲.id], interacted: true })
    rig.chats.wecom.say('甲', '电亮')
    await untilSaid(rig.chats.wecom, '是不是“电量”')
    rig.wecom.say('wrOTHER', PEOPLE.甲.id, '状态')
    const said = () => rig.wecom.messages('wrOTHER').filter(({ from }) => 'bot' in from)
    const [answer] = await until(() => said().length > 0 && said(), 'the answer')
    expect(answer!.text).toContain('绑定')
    expect(answer!.text).not.toContain('3号增氧机')
  })
})
