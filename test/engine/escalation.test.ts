import { describe, expect, test } from 'vitest'
import { linesOf } from '../../src/domain/lines.ts'
import type { Person } from '../../src/domain/people.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { breaker, newFolder, PUMP, testPolicy, untilButton } from './rig.ts'
import { fakeWays, MINUTE, policyWith, STEPS, settle, stage } from './stage.ts'

const TITLE = '跳闸（过载） · 3号增氧机'
const open = (since: string) =>
  `⏰ 仍未处理（已 ${since}），无人确认：${TITLE}（一号鱼塘）。请按“确认”或发“确认”。 | @乙`
const HOOK = 'webhook → ops'
const MAIL = 'mail → boss@example.com'

/** @param alarms how many cards stand by then */
async function tripped(options: Parameters<typeof stage>[0] = {}, alarms = 1) {
  const rig = await stage(options)
  await rig.trip()
  await untilButton(rig.wecom, 'ack')
  await settle(rig)
  const cards = rig.news()
  expect(cards.filter((one) => one.startsWith('telegram') || one === 'card')).toHaveLength(alarms)
  expect(cards.every((one) => one.endsWith('card'))).toBe(true)
  return rig
}

/** The policy is that of the pump alone: that nobody is on duty is an alarm of its own, which calls nobody then. */
const forPumpOnly = (policy: Policy): Policy => ({
  ...policy,
  escalations: {
    policies: { own: policy.escalations!.policies.default! },
    rooms: {},
    sites: {},
    breakers: { [PUMP]: 'own' },
  },
})

describe('while nobody acknowledges', () => {
  test('the steps are taken one after another, each once, and nothing else is said', async () => {
    const rig = await tripped()
    await rig.later(2 * MINUTE - 2000)
    expect(rig.news()).toEqual([])
    await rig.later(2000)
    expect(rig.news()).toEqual([open('2 分钟')])
    await rig.later(3 * MINUTE)
    expect(rig.news()).toEqual([
      `📞 已通知 乙（语音电话）：${TITLE}（一号鱼塘）。`,
      `voice → 13800000002: raised, 告警：一号鱼塘，${TITLE}，已 5 分钟，无人确认。请到群里确认。`,
    ])
    await rig.later(5 * MINUTE)
    expect(rig.news()).toEqual([
      `${MAIL}: raised, 一号鱼塘：${TITLE}，已 10 分钟，尚无人确认。`,
      `${HOOK}: raised, 一号鱼塘：${TITLE}，已 10 分钟，尚无人确认。`,
    ])
    await rig.later(300 * MINUTE)
    expect(rig.news()).toEqual([])
  })

  test('they speak English in a room that does', async () => {
    const [room] = testPolicy().rooms
    const rig = await tripped({ policy: policyWith(STEPS, {}, { rooms: [{ ...room!, locale: 'en' }] }) })
    await rig.later(2 * MINUTE)
    await rig.later(3 * MINUTE)
    expect(rig.news()).toEqual([
      '⏰ Still open (2 min), nobody has acknowledged: Trip (Overload) · 3号增氧机 (一号鱼塘). Press Acknowledge, or write «ack». | @乙',
      '📞 乙 was called (telephone): Trip (Overload) · 3号增氧机 (一号鱼塘).',
      'voice → 13800000002: raised, Alarm: Trip (Overload) · 3号增氧机 at 一号鱼塘, since 5 min. Nobody has acknowledged it. Please acknowledge in the group.',
    ])
  })

  test('all steps are gone through again, and what is posted says so', async () => {
    const steps = [STEPS[0]!, { after: MINUTE, mention: 'duty', webhook: 'ops' } as const]
    const rig = await tripped({ policy: policyWith(steps, { repeat: 1 }) })
    await rig.later(MINUTE)
    await rig.later(5 * MINUTE)
    rig.news()
    await rig.later(MINUTE)
    expect(rig.news()).toEqual([
      open('7 分钟'),
      `${HOOK}: repeated, 一号鱼塘：${TITLE}，已 7 分钟，仍未处理，无人确认。`,
    ])
    await rig.later(60 * MINUTE)
    expect(rig.news()).toEqual([])
  })

  test('many alarms of one moment are one reminder and one call', async () => {
    const rig = await stage()
    await rig.trip()
    await rig.trip('leakage', '820721')
    await settle(rig)
    rig.news()
    await rig.later(2 * MINUTE)
    expect(rig.news()).toEqual([
      `⏰ 还有 2 条告警无人确认： | · ${TITLE}（一号鱼塘），已 2 分钟 | · 跳闸（漏电） · 投饵机（一号鱼塘），已 2 分钟 | @乙`,
    ])
    await rig.later(3 * MINUTE)
    expect(rig.ways.voice.handed.map(({ notice }) => [notice.title, notice.facts.count])).toEqual([
      [`${TITLE}（一号鱼塘），另有 1 条`, 2],
    ])
  })

  test('a step may be for grave alarms only, or for some causes', async () => {
    const steps = [
      { after: MINUTE, webhook: 'grave', severity: 'critical' },
      { after: MINUTE, webhook: 'leaks', causes: ['leakage'] },
      { after: MINUTE, webhook: 'all' },
    ] as const
    const rig = await stage({
      policy: policyWith(
        [...steps].map((one) => ({ ...one, ...('causes' in one && { causes: [...one.causes] }) })) as never,
      ),
    })
    await rig.trip('under-voltage')
    await rig.trip('leakage', '820721')
    await settle(rig)
    await rig.later(MINUTE)
    expect(rig.ways.webhook.handed.map(({ to, notice }) => `${to} ${notice.facts.cause}`).sort()).toEqual([
      'all leakage',
      'all under-voltage',
      'grave leakage',
      'leaks leakage',
    ])
  })

  test('where nobody is on duty, somebody is called in their stead, and it is said', async () => {
    const chief = { ...policyWith().people[0]!, name: '站长', role: 'admin' } as const
    const people = [{ ...chief, ids: { telegram: '9' }, phone: '139' }, ...policyWith().people]
    const policy = policyWith([{ after: MINUTE, call: 'duty' }], {}, { duty: [], people })
    const rig = await tripped({ policy: forPumpOnly(policy) }, 2)
    await rig.later(MINUTE)
    const word = '⚠️ night：告警应通知值班人员，但没有人。改为通知：站长。'
    const rooms = ['telegram', 'dingtalk', 'wecom'].map((one) => `${one}: ${word}`)
    expect(rig.news().sort()).toEqual(
      [
        ...rooms,
        `telegram to 9: ${word}`,
        `📞 已通知 站长（语音电话）：${TITLE}（一号鱼塘）。`,
        `voice → 139: raised, 告警：一号鱼塘，${TITLE}，已 1 分钟，无人确认。请到群里确认。`,
      ].sort(),
    )
  })

  test('a breaker has the policy that it names, else its site, else its room', async () => {
    const hook = (name: string) => ({
      name,
      ackTimeout: 0,
      repeat: 0,
      repeatAfter: MINUTE,
      steps: [{ after: MINUTE, webhook: name }],
    })
    const escalations = {
      policies: { own: hook('own'), site: hook('site') },
      rooms: { night: 'site' },
      sites: {},
      breakers: { [PUMP]: 'own' },
    }
    const rig = await stage({ policy: policyWith(STEPS, {}, { escalations }) })
    await rig.trip()
    await rig.trip('overload', '820721')
    await settle(rig)
    await rig.later(MINUTE)
    expect(rig.ways.webhook.handed.map(({ to }) => to).sort()).toEqual(['own', 'site'])
  })
})

describe('whoever acknowledges', () => {
  test('stops it at any step; who was told by mail or web-hook learns it, and the end too', async () => {
    for (const passed of [0, 2, 5]) {
      const rig = await tripped()
      for (let minute = 0; minute < passed; minute++) await rig.later(MINUTE)
      rig.news()
      await rig.press(rig.telegram, '1', 'ack')
      await settle(rig)
      await rig.later(20 * MINUTE)
      expect(rig.news().filter((one) => !one.startsWith('wecom'))).toEqual([])
      await rig.stop()
    }
    const rig = await tripped()
    for (let minute = 0; minute < 11; minute++) await rig.later(MINUTE)
    rig.news()
    await rig.press(rig.telegram, '1', 'ack')
    await rig.later(2000)
    expect(rig.news().filter((one) => !one.startsWith('wecom'))).toEqual([
      `${MAIL}: acknowledged, 一号鱼塘：${TITLE}，甲 已确认，由其负责。`,
      `${HOOK}: acknowledged, 一号鱼塘：${TITLE}，甲 已确认，由其负责。`,
    ])
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    await rig.later(2000)
    expect(rig.news().filter((one) => one.includes('→'))).toEqual([
      `${MAIL}: resolved, 一号鱼塘：${TITLE}，已结束。`,
      `${HOOK}: resolved, 一号鱼塘：${TITLE}，已结束。`,
    ])
  })

  test('owns it for a time: then all begins anew, unless it is over', async () => {
    const rig = await tripped()
    const { toast } = await rig.press(rig.telegram, '1', 'ack')
    expect(toast).toMatch(/^3号增氧机：甲 已确认，由其负责。若到 \d\d:\d\d:\d\d 仍未恢复，将重新呼叫。$/)
    await settle(rig)
    rig.news()
    await rig.later(30 * MINUTE)
    await rig.later(2000)
    const card = rig.telegram.shown[0]!.content
    expect('card' in card && [card.card.subtitle, card.card.story.at(-1)]).toEqual([
      '已分闸，无人确认',
      expect.stringContaining('甲 确认后超时未恢复，重新呼叫'),
    ])
    rig.news()
    await rig.later(2 * MINUTE)
    expect(rig.news()).toEqual([open('32 分钟')])
    await rig.press(rig.telegram, '1', 'ack')
    await settle(rig)
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    await settle(rig)
    rig.news()
    await rig.later(120 * MINUTE)
    expect(rig.news().filter((one) => !one.startsWith('wecom'))).toEqual([])
  })

  test('may give it back, and then all begins anew', async () => {
    const rig = await tripped()
    await rig.say(rig.telegram, '1', '取消确认 3号增氧机').taken
    await settle(rig)
    expect(rig.news()).toEqual(['telegram: 3号增氧机 还没有人确认。'])
    await rig.press(rig.telegram, '1', 'ack')
    await rig.later(2000)
    rig.news()
    await rig.say(rig.telegram, '2', '取消确认').taken
    await settle(rig)
    expect(rig.news()).toEqual(['telegram: 3号增氧机：已取消确认，目前无人负责，将从头重新通知。'])
    await rig.later(2 * MINUTE)
    // The room at once, and the others by the policy.
    const again = open('2 分钟')
    expect(rig.news().filter((one) => one.includes('⏰'))).toEqual([again.replace(' | @乙', ''), again])
  })
})

describe('a hand-over', () => {
  const owned = async () => {
    const rig = await tripped()
    await rig.press(rig.telegram, '1', 'ack')
    await rig.later(2000)
    rig.news()
    return rig
  }

  test('is told to the other, who takes it', async () => {
    const rig = await owned()
    await rig.say(rig.telegram, '1', '转交 3号增氧机 给 乙').taken
    await settle(rig)
    expect(rig.news().sort()).toEqual([
      'telegram: 3号增氧机：已转交给 乙，请其在 5 分钟内确认；在此之前不再呼叫其他人。',
      'wecom to user:2: 甲 把 3号增氧机 转交给你。请发“确认 3号增氧机”或按“确认”接手。',
    ])
    await rig.say(rig.telegram, '2', '确认').taken
    await rig.later(10 * MINUTE)
    expect(rig.news().filter((one) => one.includes('⏰'))).toEqual([])
    const { content } = rig.telegram.shown[0]!
    expect('card' in content && content.card.subtitle).toContain('乙')
  })

  test('that is not taken within 5 min makes it nobody’s', async () => {
    const rig = await owned()
    await rig.say(rig.telegram, '1', 'hand over 3号增氧机 to 乙').taken
    await settle(rig)
    await rig.later(5 * MINUTE)
    await rig.later(2000)
    const { content } = rig.telegram.shown[0]!
    expect('card' in content && content.card.story.at(-1)).toContain('乙 未接手，重新呼叫')
    rig.news()
    await rig.later(2 * MINUTE)
    expect(rig.news().filter((one) => one.includes('⏰'))).toEqual([open('7 分钟')])
  })

  test('is the owner’s or an admin’s to make, and to somebody who may', async () => {
    const rig = await owned()
    for (const [who, text, says] of [
      ['2', '转交 3号增氧机 乙', '3号增氧机 由 甲 负责，只有 甲 本人或管理员可以转交。'],
      ['1', '转交 3号增氧机 丙', '3号增氧机 转交给谁？请写：转交 3号增氧机 姓名（配置中的姓名）。'],
      ['1', '转交 甲', '3号增氧机 已由 甲 负责。'],
      ['77', '转交 3号增氧机 乙', '你不在名单中，什么也没有做。你的 ID：77，请管理员加入配置。'],
    ]) {
      await rig.say(rig.telegram, who!, text!).taken
      await settle(rig)
      expect(rig.news()).toEqual([`telegram: ${says}`])
    }
  })
})

describe('when a way is down', () => {
  const policy = () => policyWith([{ after: MINUTE, call: 'duty' }])

  test('the next is taken, and the failure is told', async () => {
    const rig = await tripped({ policy: policy() })
    rig.ways.voice.answer = () => ({ outcome: 'refused', why: '余额不足' })
    rig.ways['ding-phone'].answer = () => ({ outcome: 'unknown', why: '超时' })
    await rig.later(MINUTE)
    expect(rig.news().filter((one) => !one.includes('→'))).toEqual([
      '⚠️ 用语音电话通知 乙 失败：余额不足。改用钉钉电话 DING。',
      '⚠️ 用钉钉电话 DING通知 乙 失败：超时。改用钉钉短信 DING。',
      `📞 已通知 乙（钉钉短信 DING）：${TITLE}（一号鱼塘）。`,
    ])
    const tried = Object.entries(rig.ways).map(([name, { handed }]) => [name, handed.length])
    expect(tried).toEqual([
      ['voice', 1],
      ['ding-phone', 1],
      ['ding-sms', 1],
      ['ding-app', 0],
      ['mail', 0],
      ['webhook', 0],
    ])
    const audit = (await rig.store.audit({ limit: 1000 })).filter(({ what }) => what === 'escalation.called')
    expect(audit.map(({ details }) => `${details?.way} ${details?.outcome}`)).toEqual([
      'voice refused',
      'ding-phone unknown',
      'ding-sms delivered',
    ])
  })

  test('all of them down: the room is told, and they are tried again until somebody acknowledges', async () => {
    const only = policyWith([{ after: MINUTE, call: { person: '乙' } }])
    const people = only.people.map((one) => ({ ...one, ways: ['voice' as const] }))
    const rig = await tripped({ policy: { ...only, people } })
    rig.ways.voice.answer = () => ({ outcome: 'later', why: '网络不通' })
    await rig.later(MINUTE)
    const lost = `🚨 联系不上 乙，所有方式都失败了。请其他人前去处理：${TITLE}（一号鱼塘）。`
    // Without an admin, what one should know goes to the room.
    expect([...new Set(rig.news().map((one) => one.replace(/^\w+: | \| @乙$/g, '')))]).toEqual([
      '⚠️ 用语音电话通知 乙 失败：网络不通。',
      lost,
      `voice → 13800000002: raised, 告警：一号鱼塘，${TITLE}，已 1 分钟，无人确认。请到群里确认。`,
    ])
    await rig.later(MINUTE)
    expect(rig.news()).toEqual([
      `voice → 13800000002: raised, 告警：一号鱼塘，${TITLE}，已 2 分钟，无人确认。请到群里确认。`,
    ])
    rig.ways.voice.answer = () => ({ outcome: 'delivered' })
    await rig.later(MINUTE)
    expect(rig.news()[0]).toBe(`📞 已通知 乙（语音电话）：${TITLE}（一号鱼塘）。`)
    await rig.later(30 * MINUTE)
    expect(rig.news()).toEqual([])
  })

  test('a mail server that is away is told of once, and gets the mail when it is back', async () => {
    const rig = await tripped({ policy: policyWith([{ after: MINUTE, mail: ['乙', 'boss@example.com'] }]) })
    rig.ways.mail.answer = (to) =>
      to === 'boss@example.com' ? { outcome: 'refused', why: '550' } : { outcome: 'later', why: '421' }
    await rig.later(MINUTE)
    expect(
      [...new Set(rig.news().map((one) => one.replace(/^(?!mail)\w+: /, '')))].filter(
        (one) => !one.includes('→'),
      ),
    ).toEqual([
      `⚠️ 邮件（乙）暂时发不出去，正在重试：421（${TITLE}）`,
      `⚠️ 邮件（boss@example.com）没有送达：550（${TITLE}）`,
    ])
    rig.ways.mail.answer = () => ({ outcome: 'delivered' })
    await rig.later(10_000)
    await rig.later(60 * MINUTE)
    expect(rig.news().map((one) => one.slice(0, 28))).toEqual(['mail → 2@example.com: raised'])
  })

  test('each has the ways that lead there, or those that are named, in that order', () => {
    const ways = new Map(Object.entries(fakeWays())) as never
    const channels = new Map([['telegram', {}]]) as never
    const lines = (person: Person) => linesOf(person, { ways, channels }).map(({ way, to }) => `${way} ${to}`)
    const known: Person = { name: '甲', ids: { dingtalk: 'elec7', telegram: '5' }, phone: '139', mail: 'a@b' }
    expect(lines(known)).toEqual([
      'voice 139',
      ...['ding-phone elec7', 'ding-sms elec7', 'ding-app elec7'],
      'mail a@b',
      'chat 5',
    ])
    expect(lines({ ...known, ways: ['mail', 'ding-app'] })).toEqual(['mail a@b', 'ding-app elec7'])
    // That a message was sent says least: it is the last, whatever the order.
    expect(lines({ ...known, ways: ['chat', 'voice'] })).toEqual(['voice 139', 'chat 5'])
    expect(lines({ name: '乙', ids: { wecom: 'yi' } })).toEqual([])
  })

  test('somebody without any way is said to be so', async () => {
    const base = policy()
    const people = base.people.map(({ phone: _, mail: __, ...one }) => ({
      ...one,
      ids: one.name === '乙' ? {} : one.ids,
    }))
    const rig = await tripped({ policy: forPumpOnly({ ...base, people }) }, 2)
    await rig.later(MINUTE)
    expect(rig.news()[0]).toBe(
      `telegram: 🚨 无法通知 乙：没有配置其电话、钉钉、邮箱或聊天账号。请其他人前去处理：${TITLE}（一号鱼塘）。`,
    )
  })
})

describe('an alarm that no chat gets', () => {
  test('is not waited with: whoever is called in other ways is called at once', async () => {
    const rig = await stage()
    for (const one of [rig.telegram, rig.dingtalk, rig.wecom])
      one.fault = () => ({ outcome: 'refused', why: 'the bot was thrown out', gone: 'chat' })
    await rig.trip()
    await settle(rig)
    await rig.later(1000)
    expect(rig.ways.voice.handed.map(({ to }) => to)).toEqual(['13800000002'])
    await rig.later(10 * MINUTE)
    expect(rig.ways.voice.handed).toHaveLength(1)
    expect(rig.ways.mail.handed).toHaveLength(1)
  })

  test('is waited with where another chat of the room has it', async () => {
    const rig = await stage()
    rig.telegram.fault = () => ({ outcome: 'refused', why: 'the bot was thrown out', gone: 'chat' })
    await rig.trip()
    await settle(rig)
    await rig.later(MINUTE)
    expect(rig.ways.voice.handed).toEqual([])
  })
})

describe('under a window', () => {
  test('nobody is called until it is over, and then all begins', async () => {
    const rig = await stage()
    await rig.say(rig.telegram, '1', '静音 3号增氧机 2h').taken
    await settle(rig)
    rig.news()
    await rig.trip()
    for (let half = 0; half < 3; half++) await rig.later(30 * MINUTE)
    expect(rig.news()).toEqual([])
    await rig.later(31 * MINUTE)
    expect(rig.news().filter((one) => one.includes('⏰') || one.includes('→'))).toEqual([])
    await rig.later(2 * MINUTE)
    expect(rig.news().filter((one) => one.includes('⏰'))).toHaveLength(1)
    await rig.later(3 * MINUTE)
    expect(rig.ways.voice.handed).toHaveLength(1)
  })

  test('that is set while an alarm is open its steps wait, and go on soon after it is ended by word', async () => {
    const rig = await tripped()
    await rig.say(rig.telegram, '1', '静音 3号增氧机 1d').taken
    await settle(rig)
    rig.news()
    for (let ten = 0; ten < 3; ten++) await rig.later(10 * MINUTE)
    expect(rig.news()).toEqual([])
    await rig.say(rig.telegram, '1', '取消静音 3号增氧机').taken
    await settle(rig)
    for (let minute = 0; minute < 6; minute++) await rig.later(MINUTE)
    expect(rig.ways.voice.handed).toHaveLength(1)
    expect(rig.news().filter((one) => one.includes('⏰'))).toHaveLength(1)
  })

  test('is no matter in quiet hours for what is critical', async () => {
    const windows = [{ id: 'q', kind: 'quiet', scope: { room: 'night' }, when: { from: 0, to: 0 } }] as const
    const rig = await stage({ policy: policyWith(STEPS, {}, { windows: [...windows] }) })
    await rig.trip('leakage')
    await rig.trip('under-voltage', '820721')
    await settle(rig)
    await rig.later(2 * MINUTE)
    const reminder = rig.news().filter((one) => one.includes('⏰'))
    expect(reminder).toHaveLength(1)
    expect(reminder[0]).toContain('漏电')
    expect(reminder[0]).not.toContain('投饵机')
  })
})

describe('a storm', () => {
  test('is one call and one mail, and one acknowledgement stops both', async () => {
    const breakers = Array.from({ length: 12 }, (_, index) => breaker(`82073${index}`, `${index}号泵`))
    const policy = policyWith(STEPS, {}, { breakers, storm: { more: 2, within: 60_000 } })
    const rig = await stage({ policy })
    for (const { id } of breakers) await rig.trip('overload', id)
    await settle(rig)
    await rig.later(2 * MINUTE)
    const reminders = rig.news().filter((one) => one.includes('⏰'))
    expect(reminders).toHaveLength(1)
    expect(reminders[0]).toContain('还有 12 条告警无人确认')
    await rig.later(3 * MINUTE)
    expect(rig.ways.voice.handed.map(({ notice }) => notice.facts.count)).toEqual([12])
    await rig.later(5 * MINUTE)
    const subjects = rig.ways.mail.handed.map(({ notice }) => notice.thread.split('.')[0])
    expect(subjects.filter((one) => one === 'storm')).toHaveLength(1)
    // Those that came before the storm have cards, and mails, of their own.
    expect(subjects.length).toBeLessThanOrEqual(5)
    await rig.say(rig.telegram, '1', '确认').taken
    await settle(rig)
    const calls = rig.ways.voice.handed.length
    await rig.later(60 * MINUTE)
    expect(rig.ways.voice.handed).toHaveLength(calls)
  })
})

test('a storm’s mail leaves as long as one of its alarms has nobody, and programs hear of an end when all have ended', async () => {
  const breakers = Array.from({ length: 6 }, (_, index) => breaker(`82074${index}`, `${index}号泵`))
  const steps = [{ after: MINUTE, mail: ['boss@example.com'], webhook: 'ops' }]
  const policy = policyWith(steps, {}, { breakers, storm: { more: 1, within: 60_000 } })
  const rig = await stage({ policy })
  let isAway = true
  rig.ways.mail.answer = () => (isAway ? { outcome: 'later', why: 'away' } : { outcome: 'delivered' })
  for (const { id } of breakers) await rig.trip('overload', id)
  await settle(rig)
  await rig.later(MINUTE)
  const storm = rig.ways.webhook.handed.find(({ notice }) => notice.thread.startsWith('storm.'))!.notice
    .thread
  const ofStorm = (handed: { notice: { thread: string; event: string } }[]) =>
    handed.filter(({ notice }) => notice.thread === storm).map(({ notice }) => notice.event)
  const members = (
    await rig.store.list<{ storm?: object; breaker: string }>({ kind: 'incident', open: true })
  )
    .map(({ value }) => value)
    .filter((one) => one.storm)
  const names = members.map((one) => breakers.find(({ id }) => id === one.breaker)!.name)
  for (const name of names.slice(0, -1)) await rig.say(rig.telegram, '1', `确认 ${name}`).taken
  await settle(rig)
  isAway = false
  await rig.later(10_000)
  await rig.later(30_000)
  expect(ofStorm(rig.ways.mail.handed)).toContain('raised')
  expect(ofStorm(rig.ways.webhook.handed)).toEqual(['raised'])
  await rig.say(rig.telegram, '1', `确认 ${names.at(-1)}`).taken
  await rig.later(2000)
  expect(ofStorm(rig.ways.webhook.handed)).toEqual(['raised', 'acknowledged'])
})

describe('restarts and several instances', () => {
  test('a restart at each step neither loses nor doubles one', async () => {
    const folder = newFolder()
    let rig = await tripped({ folder })
    const all: string[] = []
    const ways = rig.ways
    for (let minute = 0; minute < 12; minute++) {
      await rig.later(MINUTE - 1000)
      all.push(...rig.news())
      const { ahead } = rig.clock
      await rig.stop()
      rig = await stage({ folder, ahead, ways })
      // What was handed over before is the same list.
      rig.news()
    }
    expect(all.filter((one) => one.includes('⏰'))).toHaveLength(1)
    expect(ways.voice.handed).toHaveLength(1)
    expect(ways.mail.handed).toHaveLength(1)
    expect(ways.webhook.handed).toHaveLength(1)
  })

  test('what fell due while it was down is done at the start, in its order', async () => {
    const folder = newFolder()
    const first = await tripped({ folder })
    const ways = first.ways
    await first.stop()
    const rig = await stage({ folder, ahead: first.clock.ahead + 20 * MINUTE, ways })
    await rig.later(0)
    expect(rig.news().map((one) => one.slice(0, 12))).toEqual([
      open('20 分钟').slice(0, 12),
      '📞 已通知 乙（语音电话'.slice(0, 12),
      'voice → 1380',
      'mail → boss@',
      'webhook → op',
    ])
  })

  test('a call that was cut off counts as unknown, and the next way is taken', async () => {
    let isCut = false
    const rig = await tripped({
      policy: policyWith([{ after: MINUTE, call: 'duty' }]),
      storeSeen: (store) => ({
        commit(commit) {
          if (isCut || !commit.audit?.some(({ what }) => what === 'escalation.called'))
            return store.commit(commit)
          isCut = true
          return Promise.reject(new Error('the process was killed'))
        },
      }),
    })
    await rig.later(MINUTE)
    await rig.later(5000)
    expect(rig.news().filter((one) => !one.includes('→'))).toEqual([
      '⚠️ 用语音电话通知 乙 失败：本服务当时正在停止。改用钉钉电话 DING。',
      `📞 已通知 乙（钉钉电话 DING）：${TITLE}（一号鱼塘）。`,
    ])
    expect(rig.ways.voice.handed).toHaveLength(1)
    expect(rig.ways['ding-phone'].handed).toHaveLength(1)
  })

  test('two instances take each step once', async () => {
    const one = await tripped()
    await stage({ beside: one, ways: one.ways })
    for (let minute = 0; minute < 12; minute++) await one.later(MINUTE)
    const news = one.news()
    expect(news.filter((line) => line.includes('⏰'))).toEqual([open('2 分钟')])
    expect(news.filter((line) => line.includes('→'))).toHaveLength(3)
  })
})
