import type { Entity } from '../api.ts'
import { byteOffset, type Formatted, MarkupError } from './formatted.ts'
import { checkedEmojiId, checkedTime, linkFields } from './links.ts'

interface OpenTag {
  name: string
  attributes: Map<string, string>
  /** Where its content begins in the plain text. */
  offset: number
}

interface Parser {
  source: string
  /** The Bot API version, which decides on tags. */
  level: number
  at: number
  text: string
  open: OpenTag[]
  entities: Entity[]
}

const TYPES: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  code: 'code',
  pre: 'pre',
  a: 'text_link',
  blockquote: 'blockquote',
  'tg-emoji': 'custom_emoji',
  'tg-time': 'date_time',
}

const REFERENCES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** Parses Telegram's HTML; throws {@link MarkupError} with the official server's texts. */
export function parseHtml(source: string, level = Infinity): Formatted {
  const parser: Parser = { source, level, at: 0, text: '', open: [], entities: [] }
  while (parser.at < source.length) {
    if (source[parser.at] !== '<') parser.text += takeCharacter(parser)
    else if (source[parser.at + 1] === '/') endTag(parser)
    else startTag(parser)
  }
  const left = parser.open.at(-1)
  if (left) throw new MarkupError(`Can't find end tag corresponding to start tag "${left.name}"`)
  return { text: parser.text, entities: parser.entities }
}

/** The next match of a sticky expression, which is stepped over. */
function take(parser: Parser, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = parser.at
  const match = pattern.exec(parser.source) ?? undefined
  parser.at += match?.[0].length ?? 0
  return match
}

/** One character, or what a reference such as `&lt;` stands for; an unknown reference stays as it is. */
function takeCharacter(parser: Parser): string {
  const begin = parser.at
  const match = take(parser, /&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));?/giy)
  const decoded = match && decode(match)
  if (decoded !== undefined) return decoded
  parser.at = begin + 1
  return parser.source[begin]!
}

function decode([, decimal, hexadecimal, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return REFERENCES[name]
  const code = decimal === undefined ? Number.parseInt(hexadecimal!, 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

function startTag(parser: Parser) {
  const place = byteOffset(parser.source, parser.at)
  parser.at++
  const name = take(parser, /[^\s>]*/y)![0].toLowerCase()
  if (parser.at >= parser.source.length) throw new MarkupError(`Unclosed start tag at byte offset ${place}`)
  if (!isKnown(name, parser.level))
    throw new MarkupError(`Unsupported start tag "${name}" at byte offset ${place}`)
  const attributes = takeAttributes(parser, name, place)
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw new MarkupError(`Tag "span" must have class "tg-spoiler" at byte offset ${place}`)
  }
  parser.open.push({ name, attributes, offset: parser.text.length })
}

function isKnown(name: string, level: number): boolean {
  return Object.hasOwn(TYPES, name) && (name !== 'tg-time' || level >= 9.5)
}

function takeAttributes(parser: Parser, tag: string, place: number): Map<string, string> {
  const attributes = new Map<string, string>()
  for (;;) {
    take(parser, /\s*/y)
    if (take(parser, />/y)) return attributes
    const name = take(parser, /[^\s=>]*/y)![0].toLowerCase()
    take(parser, /\s*/y)
    if (parser.at >= parser.source.length) {
      throw new MarkupError(`Unclosed start tag "${tag}" at byte offset ${place}`)
    }
    if (name === '') throw new MarkupError(`Empty attribute name in the tag "${tag}" at byte offset ${place}`)
    if (take(parser, /=\s*/y)) attributes.set(name, takeValue(parser, place))
    else if (tag === 'blockquote') attributes.set(name, '')
    else {
      throw new MarkupError(
        `Expected equal sign in declaration of an attribute of the tag "${tag}" at byte offset ${place}`,
      )
    }
  }
}

function takeValue(parser: Parser, place: number): string {
  const quote = take(parser, /["']/y)?.[0]
  if (quote === undefined) {
    const token = byteOffset(parser.source, parser.at)
    const value = take(parser, /[a-z0-9.-]*/iy)![0].toLowerCase()
    if (parser.at >= parser.source.length) throw new MarkupError(`Unclosed start tag at byte offset ${place}`)
    if (!/[\s>]/.test(parser.source[parser.at]!)) {
      throw new MarkupError(`Unexpected end of name token at byte offset ${token}`)
    }
    return value
  }
  let value = ''
  while (parser.at < parser.source.length && parser.source[parser.at] !== quote)
    value += takeCharacter(parser)
  parser.at++
  if (parser.at >= parser.source.length) throw new MarkupError(`Unclosed start tag at byte offset ${place}`)
  return value
}

function endTag(parser: Parser) {
  const place = byteOffset(parser.source, parser.at)
  const tag = parser.open.pop()
  if (!tag) throw new MarkupError(`Unexpected end tag at byte offset ${place}`)
  parser.at += 2
  const name = take(parser, /[^\s>]*/y)![0].toLowerCase()
  if (!take(parser, /\s*>/y)) throw new MarkupError(`Unclosed end tag at byte offset ${place}`)
  if (name !== '' && name !== tag.name) {
    throw new MarkupError(
      `Unmatched end tag at byte offset ${place}, expected "</${tag.name}>", found "</${name}>"`,
    )
  }
  const length = parser.text.length - tag.offset
  if (length > 0) addEntity(parser, tag, length)
}

function addEntity(parser: Parser, tag: OpenTag, length: number) {
  const { entities } = parser
  const range = { offset: tag.offset, length }
  const inner = entities.at(-1)
  const wrapsInner = inner?.offset === tag.offset && inner.length === length
  if (tag.name === 'pre' && inner?.type === 'code' && wrapsInner && inner.language) {
    entities[entities.length - 1] = { type: 'pre', ...range, language: inner.language }
  } else if (tag.name === 'code' && inner?.type === 'pre' && wrapsInner && languageOf(tag)) {
    inner.language = languageOf(tag)!
  } else {
    const fields = fieldsOf(tag, parser.text.slice(tag.offset))
    if (fields) entities.push({ ...fields, ...range })
  }
}

/** What makes the entity besides its place, or undefined for a link that leads nowhere. */
function fieldsOf(tag: OpenTag, content: string): Omit<Entity, 'offset' | 'length'> | undefined {
  const type = TYPES[tag.name]!
  const attribute = (name: string) => tag.attributes.get(name)
  if (type === 'text_link') return linkFields(attribute('href') || content)
  if (type === 'custom_emoji') return { type, custom_emoji_id: checkedEmojiId(attribute('emoji-id') ?? '') }
  if (type === 'date_time') return { type, ...checkedTime(attribute('unix'), attribute('format') ?? '') }
  if (type === 'blockquote')
    return { type: tag.attributes.has('expandable') ? 'expandable_blockquote' : type }
  if (type === 'code' && languageOf(tag)) return { type, language: languageOf(tag)! }
  return { type }
}

function languageOf(tag: OpenTag): string | undefined {
  return /^language-(.+)$/.exec(tag.attributes.get('class') ?? '')?.[1]
}
