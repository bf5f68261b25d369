import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import en from '../../locales/en.json' with { type: 'json' }
import { dateTime, message, time } from '../../src/domain/message.ts'
import { translator } from '../../src/text/translate.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const KEYS = Object.keys(en)

/** Every quoted word of the sources that is, or as a template may become, the key of a text. */
function quotedInSources(): { whole: Set<string>; patterns: RegExp[] } {
  const files = globSync('src/**/*.ts', { cwd: ROOT, exclude: (name) => name.includes('simulator') })
  const source = files.map((file) => readFileSync(resolve(ROOT, file), 'utf8')).join('\n')
  const whole = new Set([...source.matchAll(/'([a-z]+(?:[.-][a-z-]+)*)'/g)].map((found) => found[1]!))
  const templates = [...source.matchAll(/`([a-z]+\.(?:[^`\s$]|\$\{[^`}]*\})+)`/g)].map((found) => found[1]!)
  const patterns = templates.map((one) => new RegExp(`^${one.replace(/\$\{[^}]*\}/g, '[a-z-]+')}$`))
  return { whole, patterns }
}

test('every text is used', () => {
  const { whole, patterns } = quotedInSources()
  const unused = KEYS.filter((key) => !whole.has(key) && !patterns.some((one) => one.test(key)))
  expect(unused).toEqual([])
})

describe('a text that is used', () => {
  test('is there: the type checker sees to whole keys, this to those put together', () => {
    const { patterns } = quotedInSources()
    const heads = new Set(KEYS.map((key) => key.split('.')[0]))
    const ofTexts = patterns.filter((one) => heads.has(one.source.slice(1).split(/\W/)[0]))
    expect(ofTexts.length).toBeGreaterThan(8)
    for (const pattern of ofTexts) expect(KEYS.filter((key) => pattern.test(key))).not.toEqual([])
  })
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
    expect(zh(message('ack.nothing', { breaker }))).toBe(`${breaker} 没有未处理的告警。`)
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
