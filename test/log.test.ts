import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog, createRedactor } from '../src/log.ts'
import { leaksIn } from './support/secrets.ts'

const secret = fc
  .string({ minLength: 6, maxLength: 40, unit: 'binary' })
  .filter((one) => one.trim().length >= 6)

test('a secret is struck out in whatever form it is written, wherever it stands', () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (one, before, after) => {
      const whole = before + one + after
      const bytes = Buffer.from(whole)
      const said = [
        whole,
        encodeURIComponent(one.toWellFormed()),
        JSON.stringify(whole),
        bytes.toString('hex'),
        bytes.toString('hex').toUpperCase(),
        bytes.toString('base64'),
        bytes.toString('base64url'),
      ]
      const { clean } = createRedactor([one])
      for (const text of said) {
        const left = clean(text)
        expect(left).toContain('«secret»')
        expect(left.includes(one)).toBe(false)
      }
    }),
  )
})

test('a line of the log tells none, in JSON and for a terminal', () => {
  for (const pretty of [false, true]) {
    const lines: string[] = []
    const log = createLog({ secrets: ['hush-"hush"\n1'], write: (line) => lines.push(line), pretty })
    log.info(
      { why: 'Basic hush-"hush"\n1', pair: Buffer.from('user:hush-"hush"\n1').toString('base64') },
      'x',
    )
    expect(leaksIn(lines.join(''), { one: 'hush-"hush"\n1' })).toEqual([])
    expect(lines.join('')).toContain('«secret»')
  }
})

test('a secret of broken characters is struck out like any other', () => {
  const secret = 'hush-\ud800-hush'
  expect(createRedactor([secret]).clean(`x ${secret} y`)).toBe('x «secret» y')
})

test('secrets that come later are struck out from then on', () => {
  const lines: string[] = []
  const secrets = createRedactor(['first-secret'])
  const log = createLog({ secrets, write: (line) => lines.push(line) })
  secrets.add(['second-secret'])
  log.child({ part: 'x' }).warn('first-secret second-secret')
  expect(lines.join('')).toContain('«secret» «secret»')
})

test('a secret that holds another is struck out whole', () => {
  expect(createRedactor(['abcdef', 'abcdef-ghi']).clean('abcdef-ghi abcdef')).toBe('«secret» «secret»')
})

test('the collector finds what it is to find', () => {
  const one = { token: 'hush-hush-1' }
  const forms = ['hush-hush-1', 'xhush-hush-1y', Buffer.from('hush-hush-1').toString('hex')]
  for (const before of ['', 'a', 'ab']) forms.push(Buffer.from(`${before}hush-hush-1:`).toString('base64'))
  for (const form of forms) expect(leaksIn(form, one)).toHaveLength(1)
  expect(leaksIn('hush-hush', one)).toEqual([])
})
