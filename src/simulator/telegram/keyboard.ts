import { isObject, type JsonObject } from '../kit/json.ts'
import type { SeenButton } from './api.ts'
import { checkedLink } from './entities/links.ts'
import { badRequest } from './errors.ts'
import { wellFormed } from './params.ts'

export type Style = NonNullable<SeenButton['style']>

/** A button as it was understood, without the fields that the server does not know. */
export interface Button {
  text: string
  style?: Style
  icon_custom_emoji_id?: string
  url?: string
  callback_data?: string
  copy_text?: { text: string }
  switch_inline_query?: string
  disabled?: Record<string, never>
}

export type Keyboard = Button[][]

const STYLES: readonly string[] = ['primary', 'success', 'danger'] satisfies Style[]
const MAX_BUTTONS = 100

/**
 * Checks `reply_markup` as the official server does; undefined when there is none. A `level` (Bot API version)
 * knows no fields that came later.
 */
export function parseKeyboard(markup: unknown, level: number): Keyboard | undefined {
  if (markup === undefined || markup === null) return undefined
  if (!isObject(markup)) throw badRequest('Object expected as reply markup')
  const rows = markup.inline_keyboard
  if (rows === undefined) return undefined
  if (!Array.isArray(rows)) {
    throw badRequest('Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
  }
  const keyboard = rows.map((row: unknown) => {
    if (!Array.isArray(row)) {
      throw badRequest('Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    }
    return row.map((button: unknown) => parseButton(button, level))
  })
  checkContent(keyboard.flat())
  const filled = keyboard.filter((row) => row.length > 0)
  return filled.length > 0 ? filled : undefined
}

const buttonError = (message: string) => badRequest(`Can't parse inline keyboard button: ${message}`)

function parseButton(value: unknown, level: number): Button {
  if (!isObject(value)) throw buttonError('InlineKeyboardButton must be an Object')
  const text = optionalString(value, 'text')
  if (text === undefined) throw buttonError(`Can't find field "text"`)
  const button: Button = { text, ...typeOf(value, level) }
  const style = level >= 9.4 ? optionalString(value, 'style') : undefined
  if (style) {
    if (!isStyle(style)) throw buttonError('invalid button style specified')
    button.style = style
  }
  const icon = level >= 9.4 ? optionalString(value, 'icon_custom_emoji_id') : undefined
  return icon ? { ...button, icon_custom_emoji_id: icon } : button
}

function isStyle(style: string): style is Style {
  return STYLES.includes(style)
}

/** The first type field counts (the order seen in the official server). */
function typeOf(value: JsonObject, level: number): Partial<Button> {
  const url = optionalString(value, 'url')
  if (url) return { url }
  const data = optionalString(value, 'callback_data')
  if (data) return { callback_data: data }
  const query = optionalString(value, 'switch_inline_query')
  if (query !== undefined) return { switch_inline_query: query }
  if (isObject(value.copy_text)) return { copy_text: { text: optionalString(value.copy_text, 'text') ?? '' } }
  if (level >= 10.3 && isObject(value.disabled)) return { disabled: {} }
  throw buttonError('Text buttons are unallowed in the inline keyboard')
}

function optionalString(value: JsonObject, name: string): string | undefined {
  const field = value[name]
  if (field === undefined || field === null) return undefined
  if (typeof field === 'string') return wellFormed(field)
  if (typeof field === 'number' || typeof field === 'boolean') return String(field)
  throw buttonError(`Field "${name}" must be of type String`)
}

/** What the core servers refuse (data: reported; the rest inferred from the documented limits). */
function checkContent(buttons: Button[]) {
  if (buttons.length > MAX_BUTTONS) throw badRequest('Reply markup is too long')
  for (const { text, url, callback_data: data, copy_text: copy } of buttons) {
    if (text.trim() === '') throw badRequest('BUTTON_TEXT_INVALID')
    if (data !== undefined && Buffer.byteLength(data) > 64) throw badRequest('BUTTON_DATA_INVALID')
    if (url !== undefined && checkedLink(url) === undefined) {
      throw badRequest(`Inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`)
    }
    if (copy && (copy.text.length < 1 || copy.text.length > 256)) throw badRequest('BUTTON_COPY_TEXT_INVALID')
  }
}

/** A keyboard as people see it. */
export function seenKeyboard(keyboard: Keyboard | undefined): SeenButton[][] {
  return (keyboard ?? []).map((row) =>
    row.map((button) => ({
      text: button.text,
      ...(button.callback_data !== undefined && { data: button.callback_data }),
      ...(button.url !== undefined && { url: button.url }),
      ...(button.copy_text && { copyText: button.copy_text.text }),
      ...(button.disabled && { disabled: true }),
      ...(button.style && { style: button.style }),
    })),
  )
}
