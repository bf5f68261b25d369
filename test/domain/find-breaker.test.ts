import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { breakersOfPlace, findAtStart, findBreaker } from '../../src/domain/find-breaker.ts'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import { PUMP, TWIN } from './support/site.ts'

const BREAKERS: BreakerConfig[] = [
  PUMP,
  { ...PUMP, id: '820722', name: '13号增氧机', site: '二号鱼塘' },
  { ...PUMP, id: '910001', name: 'Pump House', groups: ['水泵'] },
  { ...TWIN, id: '820721' },
]

function find(text: string): string {
  const found = findBreaker(BREAKERS, text)
  if (found.kind === 'none') return '–'
  if (found.kind === 'several') return found.breakers.map((one) => one.id).join(' ')
  return found.breaker.id + (found.circuit === undefined ? '' : `/${found.circuit}`)
}

describe('by what people write', () => {
  test.each([
    ['its name', '3号增氧机', '820720'],
    ['though another name holds it', '13号增氧机', '820722'],
    ['its id', '820720', '820720'],
    ['full-width, with blanks and case', '　ｐＵｍＰ　house ', '910001'],
    ['a part that only one has', '双泵', '820721'],
    ['a part of the id', '9100', '910001'],
    ['a part that several have', '增氧', '820720 820722'],
    ['a part of several ids', '8207', '820720 820722 820721'],
    ['a circuit by its whole title', '双泵箱 左泵', '820721/power1'],
    ['a circuit by its name', '右泵', '820721/power2'],
    ['a circuit by its key', '双泵箱power2', '820721/power2'],
    ['a circuit by id and key', '820721power1', '820721/power1'],
    ['a part of a circuit', '双泵箱左', '820721/power1'],
    ['a part that two circuits have', '泵箱', '820721'],
    ['nothing', '', '–'],
    ['only blanks', ' 　', '–'],
    ['what nobody has', '9号', '–'],
  ])('%s', (_, text, wanted) => expect(find(text)).toBe(wanted))
})

test('a circuit and a breaker of the same name are several', () => {
  const breakers = [TWIN, { ...PUMP, name: '左泵' }]
  expect(findBreaker(breakers, '左泵')).toEqual({ kind: 'several', breakers })
})

test('of no breakers none', () => expect(findBreaker([], '3号')).toEqual({ kind: 'none' }))

test('the breakers of a site or a group', () => {
  const ids = (text: string) => breakersOfPlace(BREAKERS, text).map((one) => one.id)
  expect(ids('一号鱼塘')).toEqual(['820720', '910001', '820721'])
  expect(ids(' 二号 鱼塘')).toEqual(['820722'])
  expect(ids('水泵')).toEqual(['910001'])
  expect(ids('鱼塘')).toEqual([])
})

test('any text finds something or nothing, and every breaker is found by its name and id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(['one', 'several', 'none']).toContain(findBreaker(BREAKERS, text).kind)
    }),
  )
  for (const breaker of BREAKERS) {
    expect([find(breaker.name), find(breaker.id)]).toEqual([breaker.id, breaker.id])
  }
})

describe('a line that begins with a breaker', () => {
  const at = (text: string) => {
    const { found, rest } = findAtStart([PUMP, TWIN], text)
    return [found.kind === 'one' ? `${found.breaker.name} ${found.circuit ?? ''}`.trim() : found.kind, rest]
  }
  test.each([
    ['3号增氧机 检修水泵', '3号增氧机', '检修水泵'],
    ['3号 pump repair', '3号增氧机', 'pump repair'],
    ['820720 检修', '3号增氧机', '检修'],
    ['双泵箱 左泵 换 轴承', '双泵箱 power1', '换 轴承'],
    ['双泵箱 检修', '双泵箱', '检修'],
    ['3号增氧机', '3号增氧机', ''],
    ['检修水泵', 'none', '检修水泵'],
    ['', 'none', ''],
  ])('«%s»', (text, breaker, rest) => {
    expect(at(text)).toEqual([breaker, rest])
  })
})
