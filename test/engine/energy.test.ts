import { beforeEach, describe, expect, test } from 'vitest'
import { createEnergyLinks } from '../../src/engine/energy-links.ts'
import type { Sample } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { breaker, PUMP, type Rig, startRig, testPolicy, texts, untilButton } from './rig.ts'

const HOUR = 3_600_000
/** Thursday, 12:00 in China. */
const NOW = Date.parse('2026-12-10T04:00:00Z')
const MIDNIGHT = Date.parse('2026-12-09T16:00:00Z')
const FEEDER = '820721'
const TARIFF = {
  name: 'usual',
  currency: 'CNY',
  prices: { peak: 1, flat: 0.5 },
  times: [{ rate: 'peak' as const, from: 480, to: 660 }],
}
const policy = testPolicy({
  breakers: [
    { ...breaker(PUMP, '3号增氧机'), groups: ['增氧'], tariff: TARIFF },
    breaker(FEEDER, '投饵机'),
    breaker('820722', '哑机'),
  ],
})

let rig: Rig
beforeEach(async () => {
  rig = await startRig({ policy, ahead: NOW - Date.now() })
})

/** A steady load from a time on, each five minutes: 3 kW by the counter, 1.5 kW by the power alone. */
async function measured(since: number, until = NOW): Promise<void> {
  const samples: Sample[] = []
  for (let at = since; at <= until; at += 300_000) {
    const energy = Number((1000 + (3 * (at - since)) / HOUR).toFixed(3))
    samples.push(
      { device: PUMP, at, energy, power: 3000, apparent: 4000 },
      { device: FEEDER, at, power: 1500 },
    )
  }
  for (let i = 0; i < samples.length; i += 1000)
    await rig.store.commit({ samples: samples.slice(i, i + 1000) })
}

async function answer(text: string): Promise<string[]> {
  const before = texts(rig.telegram).length
  await rig.say(rig.telegram, '1', text).taken
  const said = await until(() => texts(rig.telegram)[before], `an answer to «${text}»`)
  // Where no picture can be shown, a chart of letters follows.
  return said.split('\n\n')[0]!.split('\n')
}

describe('a breaker', () => {
  test('today, yesterday and this month, where no period is named', async () => {
    await measured(MIDNIGHT - 24 * HOUR)
    const lines = await answer('电量 3号增氧机')
    expect(texts(rig.telegram).at(-1)).toMatch(/\n\n3号增氧机 今天用电 \(kWh\)\n今天 .*\n前一天 /)
    expect(lines.slice(0, 4)).toEqual([
      '3号增氧机 用电：',
      // 36 kWh, of which 9 in the three dear hours.
      '今天：36.00 kWh（按电表）；费用 ¥22.50',
      '昨天：72.00 kWh（按电表）；费用 ¥40.50',
      '本月：108.00 kWh（按电表）；费用 ¥63.00；自 2026-12-09 00:00:00 起有读数',
    ])
    expect(lines.at(-1)).toMatch(/^当前负载/)
  })

  test.each(['电量 3号增氧机 昨天', '电量3号增氧机昨天', 'energy yesterday 820720', '用电 12-09 3号增氧机'])(
    '«%s»: in all details',
    async (text) => {
      await measured(MIDNIGHT - 48 * HOUR)
      const [title, total, ...rest] = await answer(text)
      expect(title).toBe('3号增氧机 用电：')
      expect(total).toMatch(/^(昨天|12-09)：72\.00 kWh（按电表）；费用 ¥40\.50$/)
      expect(rest).toEqual([
        '前一天同期 72.00 kWh，+0%',
        '峰 9.00 kWh · 平 63.00 kWh · 谷 0.00 kWh',
        '最大负载 3.00 kW（2026-12-09 00:00:00）',
        '功率因数 0.75',
      ])
    },
  )

  test('without a counter, by its power; and compared with the same time of the day before', async () => {
    await measured(MIDNIGHT - 24 * HOUR)
    const lines = await answer('电量 投饵机 今天')
    expect(lines.slice(0, 3)).toEqual([
      '投饵机 用电：',
      '今天：18.00 kWh（按功率推算）',
      '前一天同期 18.00 kWh，+0%',
    ])
  })

  test('of which nothing was measured', async () => {
    await measured(MIDNIGHT)
    expect(await answer('电量 哑机 今天')).toEqual([
      '哑机 没有电量读数：它可能不带计量。',
      '当前负载：没有最近的读数',
    ])
  })

  test('by the button of its card', async () => {
    await measured(MIDNIGHT)
    await rig.trip()
    await untilButton(rig.telegram, 'energy')
    await rig.press(rig.telegram, '1', 'energy')
    await until(() => texts(rig.telegram).find((text) => text.includes('今天：36.00 kWh')), 'the answer')
  })
})

describe('several', () => {
  test('of a group, of the room, of all that has a period', async () => {
    await measured(MIDNIGHT)
    expect((await answer('电量 增氧 今天'))[1]).toContain('36.00 kWh（按电表）')
    const site = await answer('电量 一号鱼塘 今天')
    expect(site.slice(0, 2)).toEqual([
      '一号鱼塘，3 台，用电：',
      expect.stringContaining('今天：54.00 kWh（按电表，部分按功率推算）'),
    ])
    expect(site).toContain('最大负载 4.50 kW（2026-12-10 00:00:00–01:00:00）')
    expect((await answer('电量 今天'))[0]).toBe('night，3 台，用电：')
    expect((await answer('电量 全部 今天'))[0]).toBe('night，3 台，用电：')
  })

  test('ranked, with shares and costs', async () => {
    await measured(MIDNIGHT)
    expect(await answer('电量 排名')).toEqual([
      'night，今天用电排名：',
      expect.stringContaining('54.00 kWh'),
      '1. 3号增氧机：36.00 kWh（按电表）；占 67%；费用 ¥22.50',
      '2. 投饵机：18.00 kWh（按功率推算）；占 33%',
      '1 台没有数据',
    ])
  })
})

describe('what is not understood', () => {
  test('asks which breaker, or says that there is none of that name', async () => {
    expect((await answer('电量'))[0]).toContain('电量 3号增氧机')
    expect((await answer('电量 没有的'))[0]).toContain('没有的')
  })
})

describe('a table', () => {
  const tableOf = async (query: Record<string, string>) => {
    const table = rig.engine.energyTable(query)
    if (table === undefined || table === 'expired') throw new Error(`no table: ${table}`)
    let text = ''
    for await (const piece of table) text += piece
    return text
  }
  const linkIn = (lines: string[]) => new URL(/https:\S+/.exec(lines.join('\n'))![0])
  const start = (publicUrl?: string) =>
    startRig({
      policy,
      ahead: NOW - Date.now(),
      links: createEnergyLinks(new Uint8Array(32).fill(1), publicUrl),
    })

  test('is had under the address that the chat says: by hour, in the language and by the clock of the room', async () => {
    rig = await start('https://breakers.example.com')
    await measured(MIDNIGHT - 24 * HOUR)
    const link = linkIn(await answer('导出 3号增氧机 昨天'))
    const text = await tableOf(Object.fromEntries(link.searchParams))
    const [head, ...rows] = text.split('\r\n')
    expect(head).toBe('\ufeff开始,结束,断路器,ID,站点,电量 kWh,依据,估算（分钟）,缺数据（分钟）,费用,币种')
    expect(rows[0]).toBe('2026-12-09 00:00,2026-12-09 01:00,3号增氧机,820720,一号鱼塘,3,电表,0,0,1.5,CNY')
    expect(rows[8]).toBe('2026-12-09 08:00,2026-12-09 09:00,3号增氧机,820720,一号鱼塘,3,电表,0,0,3,CNY')
    expect(rows).toHaveLength(25)
    expect(rows.at(-1)).toBe('')
  })

  test('of the room holds all its breakers, this month up to now, and says what is missing', async () => {
    rig = await start('https://breakers.example.com')
    await measured(MIDNIGHT)
    const text = await tableOf(Object.fromEntries(linkIn(await answer('导出')).searchParams))
    const rows = text.split('\r\n').slice(1, -1)
    // Nine days, twelve hours and the one that has begun, for each of three.
    expect(rows).toHaveLength(3 * (9 * 24 + 13))
    expect(rows.find((row) => row.includes('哑机'))).toBe(
      '2026-12-01 00:00,2026-12-01 01:00,哑机,820722,一号鱼塘,,,0,60,,',
    )
    expect(rows.find((row) => row.startsWith('2026-12-10 01:00') && row.includes('投饵机'))).toBe(
      '2026-12-10 01:00,2026-12-10 02:00,投饵机,820721,一号鱼塘,1.5,功率,0,0,,',
    )
  })

  test('cannot be had where nobody said how the service is reached: it says what to enter', async () => {
    rig = await start()
    expect((await answer('导出 3号增氧机'))[0]).toContain('server.publicUrl')
  })

  test('costs the same as in the chat and in the report where a rate changes within an hour', async () => {
    const tariff = {
      ...TARIFF,
      prices: { peak: 1, flat: 0.1 },
      times: [{ rate: 'peak' as const, from: 510, to: 540 }],
    }
    rig = await startRig({
      policy: testPolicy({ breakers: [{ ...breaker(PUMP, '3号增氧机'), tariff }] }),
      ahead: NOW - Date.now(),
      links: createEnergyLinks(new Uint8Array(32).fill(1), 'https://breakers.example.com'),
    })
    // It runs in the dear half of an hour alone, yesterday.
    const begins = MIDNIGHT - 24 * HOUR + 8.5 * HOUR
    const samples = Array.from({ length: 288 }, (_, i): Sample => {
      const at = MIDNIGHT - 24 * HOUR + i * 300_000
      return { device: PUMP, at, energy: 1000 + 6 * Math.max(0, Math.min(0.5, (at - begins) / HOUR)) }
    })
    await rig.store.commit({ samples })
    expect((await answer('电量 3号增氧机 昨天')).join('\n')).toContain('¥3.00')
    expect((await answer('日报')).join('\n')).toContain('¥3.00')
    const link = linkIn(await answer('导出 3号增氧机 昨天'))
    const rows = (await tableOf(Object.fromEntries(link.searchParams))).split('\r\n')
    expect(rows[9]).toBe('2026-12-09 08:00,2026-12-09 09:00,3号增氧机,820720,一号鱼塘,3,电表,0,0,3,CNY')
  })
})
