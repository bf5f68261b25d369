import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/domain/card.ts'
import { cardText, parseButton } from '../../src/text/card-text.ts'
import { JIA } from '../domain/support/site.ts'
import { tripped } from '../domain/support/story.ts'

const ACTIONS = ['ack', 'reclose', 'energy', 'confirm', 'cancel', 'noop'] as const

const CARD = tripped().card()

/** What the buttons of a card say, by way of the whole card. */
function dataOf(subject: string, buttons: Card['buttons']): string[] {
  const card = { ...CARD, subject, buttons }
  return cardText(card, 'en', 'Asia/Shanghai').buttons.map((one) => one.data)
}

test('a button says what it is about and nothing else', () => {
  const story = tripped()
  story.press(JIA, 'reclose')
  const { buttons } = cardText(story.card(), 'zh-CN', 'Asia/Shanghai')
  const id = story.incident()?.id
  const nonce = story.operation()?.nonce
  expect(buttons).toEqual([
    { action: 'confirm', text: '确认合闸', style: 'danger', data: `v1:confirm:820720.${id}:${nonce}` },
    { action: 'cancel', text: '取消', style: 'plain', data: `v1:cancel:820720.${id}:${nonce}` },
  ])
})

test('whatever the ids, it is short, plain ASCII, and can be read back', () => {
  const letters = (most: number) => fc.stringMatching(new RegExp(`^[a-z0-9]{1,${most}}$`))
  const breakerId = fc.stringMatching(/^[\w-]{1,24}$/)
  const nonce = fc.option(letters(6), { nil: undefined })
  fc.assert(
    fc.property(breakerId, letters(12), nonce, fc.constantFrom(...ACTIONS), (breaker, id, word, action) => {
      const button = { action, style: 'plain', ...(word !== undefined && { nonce: word }) } as const
      const [data = ''] = dataOf(`${breaker}.${id}`, [button])
      expect(data).toMatch(/^[\x21-\x7e]{1,64}$/)
      expect(parseButton(data)).toEqual({ action, breaker, id, ...(word !== undefined && { nonce: word }) })
    }),
  )
})

describe('what no button of ours says', () => {
  test.each([
    '',
    'noop',
    'v1:ack',
    'v1:ack:',
    'v1:ack:820720',
    'v1:ack:820720.',
    'v1:ack:.abc',
    'v2:ack:820720.abc',
    'v1:ACK:820720.abc',
    'v1:open:820720.abc',
    'v1:ack:820720.abc:',
    'v1:ack:820720.abc:x:y',
    'v1:ack:820720.abc\n',
    ' v1:ack:820720.abc',
    `v1:ack:${'8'.repeat(25)}.abc`,
    `v1:ack:820720.${'a'.repeat(17)}`,
    'v1:ack:820720.abc.def',
    'v1:ack:../../etc.abc',
    'DROP TABLE incidents',
  ])('%j', (data) => expect(parseButton(data)).toBeUndefined())

  test('any text is read without a fault', () => {
    const parts = fc.array(fc.constantFrom('v1', ':', 'ack', 'confirm', '820720', '.', 'abc', '\n', '💥'))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          parts.map((some) => some.join('')),
        ),
        (data) => {
          const pressed = parseButton(data)
          if (pressed) expect(ACTIONS).toContain(pressed.action)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
