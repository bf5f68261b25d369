import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../src/domain/canonical-json.ts'

/** What digests on disk were made of. */
function plainly(value: unknown): string {
  const isFields = (part: unknown) => typeof part === 'object' && part !== null && !Array.isArray(part)
  return JSON.stringify(value, (_key, part: object) =>
    isFields(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}

it('writes what JSON.stringify writes of an object whose keys were sorted', () => {
  const keys = fc.oneof(fc.string(), fc.constantFrom('2', '10', '01', '-1', 'a', '__proto__', '跳闸'))
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), tie('list'), tie('fields'), fc.constant(undefined)),
    list: fc.array(tie('value'), { maxLength: 4 }),
    fields: fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
  }))
  fc.assert(
    fc.property(value.fields, (fields) => {
      expect(canonicalJson(fields)).toBe(plainly(fields))
    }),
  )
})

it('has equal texts for equal values', () => {
  expect(canonicalJson({ b: 1, a: [{ d: null, c: '值' }], 10: 0, 9: 0 })).toBe(
    '{"9":0,"10":0,"a":[{"c":"值","d":null}],"b":1}',
  )
})
