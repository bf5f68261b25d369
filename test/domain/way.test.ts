import { expect, test } from 'vitest'
import { addressOf, dialled, isMailAddress, isSender } from '../../src/domain/way.ts'

test('one mail address and nothing else', () => {
  expect(['a@b.example', '张@例子.公司', 'a+b@c.d'].map(isMailAddress)).toEqual([true, true, true])
  for (const text of ['', 'a', 'a@b, c@d', 'a b@c', '<a@b>', 'a@b\r\nBcc: c@d', 'a@@b', '@b', 'a@']) {
    expect([text, isMailAddress(text)]).toEqual([text, false])
  }
})

test('who may be the sender', () => {
  expect(['a@b.example', 'BreakerBot <a@b.example>'].map(isSender)).toEqual([true, true])
  expect(['', 'a', 'x\r\nBcc: c@d <a@b>', 'a@b, c@d', 'x <>'].map(isSender)).toEqual(Array(5).fill(false))
  expect(addressOf('BreakerBot <a@b.example>')).toBe('a@b.example')
})

test.each([
  ['13900000000', '13900000000'],
  ['+86 139-0000-0000', '13900000000'],
  ['0086 139 0000 0000', '13900000000'],
  ['0571-8888 6666', '057188886666'],
  ['(0571) 88886666', '057188886666'],
  ['+852 5000 0000', '85250000000'],
  ['110', undefined],
  ['', undefined],
  ['ask the boss', undefined],
  ['139000000001390000000', undefined],
  ['+86 139; rm', undefined],
])('the number «%s» is dialled as %s', (phone, number) => {
  expect(dialled(phone)).toBe(number)
})
