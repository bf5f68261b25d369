import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asCode, type BindTarget, createBindCodes } from '../../src/engine/bind-codes.ts'

const codes = createBindCodes('a secret')
const ROOM: BindTarget = { kind: 'room', name: '夜班' }
const ALL: BindTarget[] = [{ kind: 'room', name: '日班' }, ROOM, { kind: 'person', name: '夜班' }]
const MINUTE = 60_000

const target = fc.record({ kind: fc.constantFrom('room' as const, 'person' as const), name: fc.string() })
const time = fc.integer({ min: 0, max: 4e12 })

test('any code is read as what it was made for, at any time of its 15 minutes, and is called expired after that', () => {
  fc.assert(
    fc.property(target, time, fc.integer({ min: -MINUTE, max: 31 * MINUTE }), (one, now, later) => {
      const { code, until } = codes.make('wecom', one, now)
      expect(until - now).toBeGreaterThanOrEqual(15 * MINUTE)
      expect(until - now).toBeLessThanOrEqual(16 * MINUTE)
      fc.pre(now + later >= 0)
      const read = codes.read(code, 'wecom', [...ALL, one], now + later)
      if (now + later < until) expect(read).toEqual(one)
      else if (now + later < until + 14 * MINUTE) expect(read).toBe('expired')
      else expect(['expired', 'wrong']).toContain(read)
    }),
  )
})

test('a code is for one target on one platform, and for those who have the secret', () => {
  const { code } = codes.make('telegram', ROOM, 0)
  expect(code).toMatch(/^[2-9A-HJKMNP-Z]{10}$/)
  expect(codes.read(code, 'telegram', ALL, 0)).toEqual(ROOM)
  expect(codes.read(code, 'dingtalk', ALL, 0)).toBe('wrong')
  expect(codes.read(code, 'telegram', [ALL[0]!, ALL[2]!], 0)).toBe('wrong')
  expect(createBindCodes('another').read(code, 'telegram', ALL, 0)).toBe('wrong')
})

test('no other letter anywhere makes a right code of it', () => {
  const { code } = codes.make('telegram', ROOM, 1e12)
  const others = [...code].flatMap((letter, at) =>
    [...'23456789ABCDEFGHJKMNPQRSTUVWXYZ']
      .filter((one) => one !== letter)
      .map((one) => code.slice(0, at) + one + code.slice(at + 1)),
  )
  expect(others.map((one) => codes.read(one, 'telegram', ALL, 1e12))).toEqual(others.map(() => 'wrong'))
})

test('a code is read as people write it; what cannot be one is none', () => {
  for (const text of ['k7qp2xwm9a', 'K7QP2-XWM9A', ' k7qp2 xwm9a ']) expect(asCode(text)).toBe('K7QP2XWM9A')
  for (const text of ['', 'K7QP2XWM9', 'K7QP2XWM9AA', 'K7QP2XWM90', 'K7QP2XWM9I', '今天开会几点到吗今天'])
    expect(asCode(text)).toBeUndefined()
})
