import { describe, expect, test } from 'vitest'
import { type Known, listLines, loadLine, statusLines } from '../../src/domain/overview.ts'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import { translator } from '../../src/text/translate.ts'
import { JIA, PUMP, TWIN } from './support/site.ts'
import { type Story, tellStory, tripped } from './support/story.ts'

const known = (story: Story, config: BreakerConfig = PUMP): Known => ({
  config,
  state: story.state(),
  incidents: story.incidents(),
})
const say = translator('zh-CN', 'Asia/Shanghai')
const sayInEnglish = translator('en', 'Asia/Shanghai')

function loaded(): Story {
  const story = tellStory()
  story.closed({ readings: { current: 12.4, activePower: 2850 } })
  return story
}
function acknowledged(): Story {
  const story = tripped()
  story.press(JIA, 'ack')
  return story
}
function offline(): Story {
  const story = loaded()
  story.push({ kind: 'offline' })
  return story
}
function byHand(): Story {
  const story = loaded()
  story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
  return story
}
const unheard: Known = { config: PUMP, state: undefined, incidents: [] }

describe('status', () => {
  test.each<[string, Known, string, string]>([
    [
      'well',
      known(loaded()),
      '🟢 3号增氧机：合闸；2.85 kW 12.4 A（2026-01-01 08:00:00）',
      '🟢 3号增氧机: closed; 2.85 kW 12.4 A (2026-01-01 08:00:00)',
    ],
    [
      'tripped',
      known(tripped()),
      '🔴 3号增氧机：分闸；跳闸（过载），无人确认',
      '🔴 3号增氧机: open; trip (Overload), not acknowledged',
    ],
    [
      'acknowledged',
      known(acknowledged()),
      '🔴 3号增氧机：分闸；跳闸（过载），电工甲 已确认 08:00:02',
      '🔴 3号增氧机: open; trip (Overload), acknowledged by 电工甲 08:00:02',
    ],
    ['opened by hand', known(byHand()), '🟡 3号增氧机：分闸', '🟡 3号增氧机: open'],
    [
      'offline: an old load is not shown as the present one',
      known(offline()),
      '⚪ 3号增氧机：合闸；离线',
      '⚪ 3号增氧机: closed; offline',
    ],
    ['never heard of', unheard, '⚪ 3号增氧机：未知', '⚪ 3号增氧机: unknown'],
  ])('%s', (_, one, zh, en) => {
    expect(statusLines([one], false).map(say)).toEqual([zh])
    expect(statusLines([one], false).map(sayInEnglish)).toEqual([en])
  })

  test('of all, those that are not well', () => {
    const all = [known(loaded()), known(tripped()), known(offline()), unheard]
    expect(statusLines(all, true).map(say)[0]).toBe('3 台需要注意：')
    expect(statusLines(all, true)).toHaveLength(4)
    expect(statusLines([known(loaded())], true).map(say)).toEqual(['全部 1 台正常。'])
  })

  test('each circuit has its line, and the load of the whole breaker stands at none of them', () => {
    const story = tellStory({ config: TWIN })
    story.push({ kind: 'state', positions: { power1: 'closed', power2: 'open' }, readings: { current: 3 } })
    expect(statusLines([known(story, TWIN)], false).map(say)).toEqual([
      '🟢 双泵箱 左泵：合闸',
      '🟡 双泵箱 右泵：分闸',
    ])
  })

  test('a breaker of no known model shows the circuits that it reports', () => {
    const story = tellStory()
    story.push({ kind: 'state', positions: { power1: 'closed' } })
    expect(statusLines([known(story)], false).map(say)).toEqual(['🟢 3号增氧机 power1：合闸'])
  })

  test('a long list is cut', () => {
    const lines = statusLines(
      Array.from({ length: 45 }, () => known(tripped())),
      true,
    ).map(say)
    expect(lines).toHaveLength(32)
    expect(lines.at(-1)).toBe('……还有 15 条')
  })
})

describe('list', () => {
  test('breakers and open alarms', () => {
    expect(listLines([known(loaded()), known(tripped())]).map(say)).toEqual([
      '断路器 2 台，未结束的告警 1 起：',
      '🟢 3号增氧机（一号鱼塘）ID 820720：合闸',
      '🔴 3号增氧机（一号鱼塘）ID 820720：分闸',
    ])
    expect(listLines([known(tripped())]).map(sayInEnglish)[0]).toBe('1 breaker, 1 open alarm:')
    expect(listLines([]).map(say)).toEqual(['还没有配置断路器。'])
  })
})

test('the present load', () => {
  expect(say(loadLine(loaded().state()))).toBe('当前负载：2.85 kW 12.4 A（2026-01-01 08:00:00）')
  expect(say(loadLine(undefined))).toBe('当前负载：没有最近的读数')
  const story = tellStory()
  story.closed({ readings: { activePower: -15.4 } })
  expect(sayInEnglish(loadLine(story.state()))).toBe('Present load: -15 W (2026-01-01 08:00:00)')
})
