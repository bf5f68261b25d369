import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callOn, inItsPlace, textOf } from '../../../src/channels/wecom/robot-text.ts'
import { anyCard } from '../../support/any-card.ts'
import { sampleCards } from '../../support/cards.ts'

const card = sampleCards('zh-CN').open!
const jia = { id: 'jia', name: '甲' }

test('what is urgent goes with its facts, and says that it has no buttons and what to do', () => {
  const { content } = inItsPlace({ card }).text
  for (const fact of [
    '🔴 过载跳闸',
    '已分闸，无人确认',
    '位置：一号鱼塘',
    '电流：63.1 A / 60 A',
    '额定 60 A',
  ]) {
    expect(content).toContain(fact)
  }
  expect(content).toContain('【没有按钮】')
  expect(content).toContain('连接恢复后会补发卡片，按钮和命令到那时才有效')
  expect(inItsPlace({ card: sampleCards('en').open! }).text.content).toContain(
    '[No buttons] The bot has lost',
  )
  expect(inItsPlace({ text: 'Pump 3 is locked out' }).text.content).toMatch(
    /^Pump 3 is locked out\n\[From the group robot\].*hears no commands/,
  )
  expect(inItsPlace({ text: '3号增氧机已闭锁' }).text.content).toMatch(
    /^3号增氧机已闭锁\n【群机器人代发】.*恢复前收不到命令/,
  )
})

test('it calls on those who are mentioned', () => {
  expect(inItsPlace({ card, mention: [jia, { id: '@all', name: '所有人' }] }).text.mentioned_list).toEqual([
    'jia',
    '@all',
  ])
  expect(inItsPlace({ card }).text).not.toHaveProperty('mentioned_list')
})

test('a call names the people and what for, in the language of the content', () => {
  expect(callOn([jia, { id: 'yi', name: '<乙>' }], { card })).toBe(
    '甲、＜乙＞，请处理：过载跳闸：一号鱼塘 3号＜增氧机＞&＿泵＊',
  )
  expect(callOn([jia], { text: 'Trip at pump 3' })).toBe('甲, please see to this: Trip at pump 3')
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '\ud800', '<@lisi>', '电'.repeat(3_000), '👩‍🔧'.repeat(500)),
)

test('whatever it is, the robot takes it: 2048 bytes, no halved character, no mention from a name', () => {
  fc.assert(
    fc.property(anyCard(text, text, 20), text, (any, name) => {
      const said = inItsPlace({ card: any }).text.content
      const call = textOf(callOn([{ id: 'x', name }], { text: name })).text.content
      for (const content of [said, call, inItsPlace({ text: name }).text.content]) {
        expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2_048)
        expect(content.isWellFormed()).toBe(true)
        expect(content).not.toMatch(/[<>]/)
      }
      expect(said).toMatch(/到现场操作。$|the lever on site\.$/)
    }),
  )
})
