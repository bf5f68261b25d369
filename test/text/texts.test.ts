import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import en from '../../locales/en.json' with { type: 'json' }
import { keyPatterns, sourcesOf } from '../../scripts/locales/in-sources.ts'
import { dateTime, message, time } from '../../src/domain/message.ts'
import { translator } from '../../src/text/translate.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const KEYS = Object.keys(en)

test('texts that are put together are there: the type checker sees to whole keys, this to those', () => {
  const heads = new Set(KEYS.map((key) => key.split('.')[0]))
  const patterns = keyPatterns(sourcesOf(ROOT)).filter((one) => heads.has(one.source.slice(1).split(/\W/)[0]))
  expect(patterns.length).toBeGreaterThan(8)
  for (const pattern of patterns) expect(KEYS.filter((key) => pattern.test(key))).not.toEqual([])
})

describe('put into a language', () => {
  const zh = translator('zh-CN', 'Asia/Shanghai')
  const english = translator('en', 'America/New_York')
  const at = Date.UTC(2026, 0, 1)

  test('moments stand in the local time of the site', () => {
    expect(zh(message('state.closed', { at: time(at) }))).toBe('已合闸 08:00:00')
    expect(english(message('plain-time', { at: dateTime(at) }))).toBe('2025-12-31 19:00:00')
  })

  test('texts stand within texts, lists too', () => {
    const reasons = [message('gate.offline'), message('gate.busy', { person: '甲' })]
    expect(zh(message('close.refused', { breaker: '泵', reasons }))).toBe(
      '不能合闸 泵：断路器离线，请到现场查看；甲 的命令正在执行',
    )
    expect(english(message('close.refused', { breaker: 'P', reasons }))).toBe(
      'P may not be closed: The breaker is offline; look at it on site; A command by 甲 is under way',
    )
  })

  test('names are never read as patterns or markup', () => {
    const breaker = "{x} <b>'#'</b> # ''"
    expect(zh(message('ack.nothing', { breaker }))).toBe(`${breaker} 没有未结束的告警。`)
    expect(english(message('ack.nothing', { breaker }))).toBe(`${breaker} has no open alarm.`)
    expect(english(breaker)).toBe(breaker)
  })

  test('numbers agree with their words', () => {
    expect([0, 1, 2].map((count) => english(message('note.repeats', { count })))).toEqual([
      'Reported 0 times more while open.',
      'Reported once more while open.',
      'Reported 2 times more while open.',
    ])
  })
})
