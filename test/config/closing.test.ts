import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'
import { toPolicy } from '../../src/config/to-policy.ts'
import { ENV, faultsOf, MINIMAL, read } from './support.ts'

const withBreaker = (autoReclose: string, more = '') =>
  `${MINIMAL.replace(/^breakers:.*$/m, '')}
breakers:
  - { id: 1, name: 泵, site: 塘, room: r, ratedCurrent: 60, autoReclose: ${autoReclose} }
people: [{ name: 长, role: admin }]
${more}`

const warnings = (text: string) => {
  const loaded = parseConfig(text, ENV)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.warnings.map((one) => `${one.path} ${one.problem}`).join('\n')
}

describe('automatic reclosing', () => {
  test.each(['short-circuit', 'leakage', 'over-temperature', 'manual', 'hand'])(
    'can never be allowed after %s',
    (cause) => {
      const faults = faultsOf(withBreaker(`{ enabled: true, causes: [voltage, ${cause}] }`))
      expect(faults.join('\n')).toMatch(/causes\[1\].*(nothing|never) closes by itself/)
    },
  )
  test('names what can be allowed where the word is another', () => {
    expect(faultsOf(withBreaker('{ enabled: true, causes: [surge] }')).join()).toContain(
      'must be voltage or overload',
    )
  })
  test.each(['overload', 'unknown'])('after %s is taken, and warned of at every start', (cause) => {
    const text = withBreaker(`{ enabled: true, causes: [${cause}] }`)
    expect(toPolicy(read(text)).breakers[0]?.autoReclose?.causes).toEqual([cause])
    expect(warnings(text)).toContain(`lets «泵» close by itself after «${cause}»`)
  })
  test('«voltage» is three causes, and gives no warning', () => {
    const text = withBreaker('{ enabled: true }')
    expect(toPolicy(read(text)).breakers[0]?.autoReclose).toEqual({
      causes: ['over-voltage', 'under-voltage', 'phase-loss'],
      deadTime: 5000,
      shots: 1,
      reclaim: 180_000,
      perDay: 3,
    })
    expect(warnings(text)).toBe('')
  })
  test('is off by default', () => {
    expect(toPolicy(read(withBreaker('{ causes: [voltage] }'))).breakers[0]).not.toHaveProperty('autoReclose')
  })
  test('without a steady voltage is warned of', () => {
    expect(warnings(withBreaker('{ enabled: true }', 'closing: { voltageStable: 0s }'))).toContain(
      'closing.voltageStable is 0',
    )
  })
})

test('a short reclaim time is warned of', () => {
  expect(warnings(withBreaker('{}', 'closing: { reclaim: 10s }'))).toContain('closing.reclaim is short')
})

test('what is out of bounds is told', () => {
  const faults = faultsOf(withBreaker('{}', 'closing: { voltageWithin: 80, perHour: 0 }')).join('\n')
  expect(faults).toMatch(/closing\.voltageWithin .*at most 50/)
  expect(faults).toMatch(/closing\.perHour .*at least 1/)
})
