import { describe, expect, it } from 'vitest'
import { parseKeyboard } from '../../../src/simulator/telegram/keyboard.ts'

const one = (button: unknown) => ({ inline_keyboard: [[button]] })
const press = { text: 'Ack', callback_data: 'a' }
const buttonError = "Bad Request: can't parse inline keyboard button: "

describe('inline keyboard', () => {
  it.each<[what: string, markup: unknown, keyboard: unknown]>([
    ['none', undefined, undefined],
    ['null', null, undefined],
    ['an empty one', { inline_keyboard: [] }, undefined],
    ['another markup', { force_reply: true }, undefined],
    ['data', one(press), [[press]]],
    [
      '64 bytes of data',
      one({ text: 'a', callback_data: 'd'.repeat(64) }),
      [[{ text: 'a', callback_data: 'd'.repeat(64) }]],
    ],
    ['a style', one({ ...press, style: 'danger' }), [[{ ...press, style: 'danger' }]]],
    ['a link', one({ text: 'a', url: 'https://x.com' }), [[{ text: 'a', url: 'https://x.com' }]]],
    [
      'text to copy',
      one({ text: 'a', copy_text: { text: 'sn' } }),
      [[{ text: 'a', copy_text: { text: 'sn' } }]],
    ],
    ['a disabled one', one({ text: 'a', disabled: {} }), [[{ text: 'a', disabled: {} }]]],
    ['unknown extra fields', one({ ...press, sparkle: true }), [[press]]],
    ['empty rows', { inline_keyboard: [[], [press]] }, [[press]]],
  ])('takes %s', (_what, markup, keyboard) => {
    expect(parseKeyboard(markup, 10.3)).toEqual(keyboard)
  })

  it.each<[what: string, markup: unknown, error: string]>([
    ['no object', 'x', 'Bad Request: object expected as reply markup'],
    [
      'no array',
      { inline_keyboard: {} },
      'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array',
    ],
    [
      'no array of arrays',
      { inline_keyboard: [press] },
      'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ],
    ['a string for a button', one('x'), `${buttonError}InlineKeyboardButton must be an Object`],
    ['no text', one({ callback_data: 'a' }), `${buttonError}Can't find field "text"`],
    ['an empty text', one({ ...press, text: ' ' }), 'Bad Request: BUTTON_TEXT_INVALID'],
    ['no type', one({ text: 'a' }), `${buttonError}Text buttons are unallowed in the inline keyboard`],
    [
      'empty data',
      one({ text: 'a', callback_data: '' }),
      `${buttonError}Text buttons are unallowed in the inline keyboard`,
    ],
    [
      '65 bytes of data',
      one({ text: 'a', callback_data: 'd'.repeat(65) }),
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      '22 Chinese characters of data',
      one({ text: 'a', callback_data: '闸'.repeat(22) }),
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    ['a wrong style', one({ ...press, style: 'red' }), `${buttonError}invalid button style specified`],
    [
      'a wrong link',
      one({ text: 'a', url: 'http://localhost' }),
      "Bad Request: inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
    ],
    [
      '257 characters to copy',
      one({ text: 'a', copy_text: { text: 'c'.repeat(257) } }),
      'Bad Request: BUTTON_COPY_TEXT_INVALID',
    ],
    ['101 buttons', { inline_keyboard: Array(101).fill([press]) }, 'Bad Request: reply markup is too long'],
  ])('refuses %s', (_what, markup, error) => {
    expect(() => parseKeyboard(markup, 10.3)).toThrow(expect.objectContaining({ message: error }))
  })

  it('knows less at older levels', () => {
    expect(parseKeyboard(one({ ...press, style: 'red' }), 9.3)).toEqual([[press]])
    expect(() => parseKeyboard(one({ text: 'a', disabled: {} }), 10.1)).toThrow('Text buttons are unallowed')
  })
})
