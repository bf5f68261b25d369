import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BUTTON_ACTIONS } from '../../src/domain/card-text.ts'
import { parseCommand } from '../../src/domain/command.ts'
import { cardText } from '../../src/text/card-text.ts'
import { createTokens, type Pressed } from '../../src/text/tokens.ts'
import { JIA } from '../domain/support/site.ts'
import { STAGE_CARDS } from '../domain/support/stages.ts'
import { tripped } from '../domain/support/story.ts'
import { TOKENS } from '../support/tokens.ts'

const letters = (most: number) => fc.stringMatching(new RegExp(`^[a-z0-9]{1,${most}}$`))
const pressed: fc.Arbitrary<Pressed> = fc.record(
  {
    action: fc.constantFrom(...BUTTON_ACTIONS),
    breaker: fc.oneof(fc.stringMatching(/^[\w-]{1,24}$/), fc.constant('@')),
    id: letters(12),
    version: fc.nat(),
    nonce: letters(6),
  },
  { requiredKeys: ['action', 'breaker', 'id', 'version'] },
)

test('a button says what it is about, to us alone', () => {
  const story = tripped()
  story.press(JIA, 'reclose')
  const card = story.card()
  const { buttons } = cardText(card, 'zh-CN', 'Asia/Shanghai', TOKENS)
  const about = { breaker: '820720', id: story.incident()?.id, version: card.version }
  expect(buttons.map(({ data }) => TOKENS.open(data))).toEqual([
    { action: 'confirm', ...about, nonce: story.operation()?.nonce },
    { action: 'cancel', ...about, nonce: story.operation()?.nonce },
  ])
})

test('whatever the ids, it is short, plain ASCII, always the same, and can be read back', () => {
  fc.assert(
    fc.property(pressed, (one) => {
      const token = TOKENS.seal(one)
      expect(token).toMatch(/^[\w-]{1,64}$/)
      expect(TOKENS.seal(one)).toBe(token)
      expect(TOKENS.open(token)).toEqual(one)
    }),
  )
})

test('nothing of it can be read', () => {
  fc.assert(
    fc.property(pressed, (one) => {
      const bytes = Buffer.from(TOKENS.seal(one), 'base64url')
      const readable = [bytes.toString('latin1'), bytes.toString('base64url')]
      for (const text of readable) if (one.breaker.length > 4) expect(text).not.toContain(one.breaker)
    }),
  )
})

describe('what no button of ours says', () => {
  test('a token with one character changed, cut off or added', () => {
    fc.assert(
      fc.property(pressed, fc.nat(63), letters(1), (one, at, letter) => {
        const token = TOKENS.seal(one)
        const place = at % token.length
        const changed = token.slice(0, place) + letter + token.slice(place + 1)
        if (changed !== token) expect(TOKENS.open(changed)).toBeUndefined()
        expect(TOKENS.open(token.slice(0, place))).toBeUndefined()
        expect(TOKENS.open(token + letter)).toBeUndefined()
      }),
    )
  })

  test('one of another secret', () => {
    const others = createTokens(new Uint8Array(32).fill(8))
    fc.assert(
      fc.property(pressed, (one) => {
        expect(TOKENS.open(others.seal(one))).toBeUndefined()
      }),
    )
  })

  test.each(['', 'noop', 'v1:ack:820720.abc', 'AAAAAAAAAAAAAAAA', 'DROP TABLE incidents', '💥'])(
    '%j',
    (data) => expect(TOKENS.open(data)).toBeUndefined(),
  )

  test('any text is read without a fault', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 80 }),
      fc.base64String({ maxLength: 80 }),
      fc.string({ unit: fc.constantFrom(...'AZaz09-_+=/', '锁', '💥', '\ud800'), maxLength: 64 }),
    )
    fc.assert(
      fc.property(text, (data) => {
        expect(TOKENS.open(data)).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })
})

describe.each(['zh-CN', 'en'] as const)('what is typed instead, in %s', (locale) => {
  test.each(STAGE_CARDS)('%s', (_stage, card) => {
    for (const { action, typed } of cardText(card, locale, 'Asia/Shanghai', TOKENS).buttons) {
      const said = parseCommand(typed ?? '')
      if (said.kind !== 'command') throw new Error(`«${typed}» is no command`)
      expect(said.command.replace(/-off$/, '')).toBe(action)
      expect(said.rest).toBe(card.called)
    }
  })
})
