import { describe, expect, test } from 'vitest'
import { checkSignature, sign } from '../../../src/simulator/thingboot/signature.ts'

const app = { appId: 'a', appSecret: 'demo-app-secret-0001', debugKey: 'try-me' }
const now = 1_767_225_600_000
const good = { ts: '1767225600', sign: '90292b71b3c8007ec27db759b9cfde42' }

test.each([
  ['demo-app-secret-0001', '1767225600', '90292b71b3c8007ec27db759b9cfde42'],
  ['p@ss 密码', '1700000000', '2dd4ed908cc8ed6b5f5d7e60d03338e0'],
])('signs %s at %s', (secret, ts, expected) => {
  expect(sign(secret, ts)).toBe(expected)
})

describe('check order and global codes', () => {
  const { appSecret: _secret, ...withoutSecret } = app
  const { debugKey: _key, ...withoutKey } = app
  test.each([
    ['no app', undefined, {}, 5001],
    ['nothing at all: ts first', app, {}, 5002],
    ['stale ts before missing sign', app, { ts: '1767225000' }, 5003],
    ['ts in ms', app, { ...good, ts: '1767225600000' }, 5003],
    ['ts in words', app, { ...good, ts: 'now' }, 5003],
    ['no sign', app, { ts: good.ts }, 5004],
    ['no secret set', withoutSecret, good, 5005],
    ['sign of another secret', { ...app, appSecret: 'other' }, good, 5006],
    ['upper-case sign', app, { ...good, sign: good.sign.toUpperCase() }, 5006],
    ['sign of another ts', app, { ...good, ts: '1767225601' }, 5006],
    ['wrong debug key beats a good sign', app, { ...good, debug: 'no' }, 5007],
    ['a debug key where none is set', withoutKey, { ...good, debug: '' }, 5007],
  ])('%s', (_name, claimed, query, code) => {
    expect(checkSignature({ app: claimed, query }, now, 300).refusal?.code).toBe(code)
  })

  test('a good sign and a good debug key pass', () => {
    expect(checkSignature({ app, query: good }, now, 300)).toEqual({ signature: 'valid', app })
    expect(checkSignature({ app, query: { debug: 'try-me' } }, now, 300)).toEqual({ signature: 'debug', app })
  })

  test('the window is open to both sides and ends at its width', () => {
    const code = (skew: number) => checkSignature({ app, query: good }, now + skew, 300).refusal?.code
    expect([code(300_000), code(-300_000)]).toEqual([undefined, undefined])
    expect([code(301_000), code(-301_000)]).toEqual([5003, 5003])
  })
})
