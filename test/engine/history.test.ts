import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { PUMP, type Rig, startRig, testPolicy, texts, untilButton, untilSays } from './rig.ts'

const base = testPolicy()
const viewer = { name: '看客', role: 'viewer', ids: { telegram: '9' } } as const
const policy = { ...base, people: [...base.people, viewer] }

async function historyOf(rig: Rig, text: string): Promise<string[]> {
  const before = texts(rig.telegram).length
  await rig.say(rig.telegram, '9', text).taken
  const said = await until(() => texts(rig.telegram)[before], `an answer to «${text}»`)
  return said.split('\n')
}

test('tells a viewer what happened and who did what, newest last, and no more than this room', async () => {
  const rig = await startRig({ policy })
  await rig.trip()
  await untilButton(rig.telegram, 'ack')
  await rig.press(rig.telegram, '1', 'ack')
  await rig.press(rig.telegram, '1', 'reclose')
  await untilButton(rig.telegram, 'confirm')
  await rig.press(rig.telegram, '1', 'confirm')
  await untilSays(rig.telegram, '已发出')
  await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
  await untilSays(rig.telegram, '已合闸')
  const [title, ...lines] = await historyOf(rig, '历史 3号增氧机')
  expect(title).toBe('3号增氧机 的历史（近 7 天，最新在下）：')
  expect(lines.map((one) => one.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /, ''))).toEqual([
    '跳闸（过载）',
    '甲 确认告警',
    '甲 请求合闸',
    '甲 确认合闸',
    '合闸命令已发出',
    '断路器回报：已合闸',
    '告警结束',
  ])
  const room = await historyOf(rig, '历史')
  expect(room[1]).toMatch(/3号增氧机：跳闸（过载）$/)
  const today = await historyOf(rig, '历史 3号增氧机 今天')
  expect(today[1]).toMatch(/^\d\d:\d\d:\d\d 跳闸/)
  expect(await historyOf(rig, '历史 3号增氧机 昨天')).toEqual(['3号增氧机 没有记录。'])
  expect(await historyOf(rig, 'history 投饵机')).toEqual(['投饵机 没有记录。'])
  expect((await historyOf(rig, '历史 没有的'))[0]).toContain('没有的')
})

test('pages go back, and a far longer chain is searched, not read', async () => {
  const rig = await startRig({ policy })
  const entry = (n: number, at: number, subject = PUMP) => ({
    at,
    who: '甲',
    what: 'open.asked',
    subject,
    details: { n },
  })
  const old = rig.now() - 40 * 86_400_000
  await rig.store.commit({
    audit: Array.from({ length: 5000 }, (_, n) => entry(n, old + n, n % 2 ? PUMP : 'other')),
  })
  await rig.store.commit({ audit: Array.from({ length: 33 }, (_, n) => entry(n, rig.now() - 60_000 + n)) })
  let reads = 0
  const { audit } = rig.store
  rig.store.audit = (query) => {
    reads += 1
    return audit(query)
  }
  const first = await historyOf(rig, '历史 3号增氧机')
  expect(first).toHaveLength(17)
  expect(first.at(-1)).toBe('更早的：历史 3号增氧机 2')
  const second = await historyOf(rig, '历史 3号增氧机 2')
  expect(second.at(-1)).toBe('更早的：历史 3号增氧机 3')
  const third = await historyOf(rig, '历史 3号增氧机 3')
  expect(third).toHaveLength(1 + 3)
  expect(await historyOf(rig, '历史 3号增氧机 4')).toEqual(['3号增氧机 没有记录。'])
  expect(reads).toBeLessThan(200)
})
