import { expect, it } from 'vitest'
import { sign } from '../../src/thingboot/sign.ts'

it.each([
  ['demo-app-secret-0001', 1767225600, '90292b71b3c8007ec27db759b9cfde42'],
  ['p@ss 密码', 1700000000, '2dd4ed908cc8ed6b5f5d7e60d03338e0'],
])('signs %s at %d', (secret, ts, expected) => {
  expect(sign(secret, ts)).toBe(expected)
})
