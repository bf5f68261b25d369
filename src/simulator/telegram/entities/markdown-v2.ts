import type { Entity } from '../api.ts'
import { byteOffset, type Formatted, MarkupError } from './formatted.ts'
import { emojiFields, linkFields } from './links.ts'
import { CLOSING, type Kind, MARKS, TYPES } from './markdown-v2-marks.ts'

interface OpenEntity {
  kind: Kind
  /** Where its content begins in the plain text. */
  offset: number
  /** Where its mark stands in the source. */
  begin: number
  language?: string
}

interface Parser {
  source: string
  at: number
  text: string
  open: OpenEntity[]
  entities: Entity[]
  quoting: boolean
  /** Nothing but line breaks since the line began, so `>` opens a quotation. */
  lineStart: boolean
}

/** Parses MarkdownV2; throws {@link MarkupError} with the official server's texts. */
export function parseMarkdownV2(source: string): Formatted {
  const parser: Parser = { source, at: 0, text: '', open: [], entities: [], quoting: false, lineStart: true }
  while (parser.at < source.length) step(parser)
  const left = parser.open.at(-1)
  if (left?.kind === 'BlockQuote') closeQuote(parser, 'blockquote')
  const unclosed = parser.open.at(-1)
  if (unclosed) throw unclosedError(parser, unclosed)
  return { text: parser.text, entities: parser.entities }
}

function step(parser: Parser) {
  const { source, at } = parser
  const character = source[at]!
  const top = parser.open.at(-1)
  if (character === '\\' && isEscapable(source.charCodeAt(at + 1))) return put(parser, source[at + 1]!, 2)
  const inCode = top?.kind === 'Code' || top?.kind === 'Pre' || top?.kind === 'PreCode'
  const reserved = inCode ? '`' : '_*[]()~`>#+-=|{}.!\n'
  if (!reserved.includes(character)) return put(parser, character, 1)
  if (parser.quoting && quoteEnds(parser, top)) return endQuote(parser, top!)
  if (top && closes(parser, top.kind)) return close(parser, top)
  if (character === '\n') return newLine(parser)
  open(parser, character)
}

function put(parser: Parser, character: string, width: number) {
  parser.text += character
  parser.at += width
  if (character !== '\r' && character !== '\n') parser.lineStart = false
}

function isEscapable(code: number): boolean {
  return code > 0 && code <= 126
}

function open(parser: Parser, character: string) {
  const { source, at } = parser
  const mark = MARKS.find(([candidate]) => source.startsWith(candidate, at))
  if (mark) {
    const entity: OpenEntity = { kind: mark[1], offset: parser.text.length, begin: at }
    parser.at += mark[0].length
    if (entity.kind === 'Pre') takeLanguage(parser, entity)
    parser.open.push(entity)
  } else if (character === '>' && parser.lineStart && !parser.quoting) {
    parser.quoting = true
    parser.open.push({ kind: 'BlockQuote', offset: parser.text.length, begin: at })
    parser.at++
  } else {
    throw new MarkupError(`Character '${character}' is reserved and must be escaped with the preceding '\\'`)
  }
}

/** After ```` ``` ````: the language if white space follows it, and one line break. */
function takeLanguage(parser: Parser, entity: OpenEntity) {
  const language = /^[^\s`]+(?=\s)/.exec(parser.source.slice(parser.at))?.[0]
  if (language !== undefined) {
    entity.kind = 'PreCode'
    entity.language = language
    parser.at += language.length
  }
  parser.at += /^(\r\n|\n\r|\n|\r)?/.exec(parser.source.slice(parser.at))![0].length
}

function newLine(parser: Parser) {
  put(parser, '\n', 1)
  parser.lineStart = true
  if (parser.quoting) parser.at++
}

function closes({ source, at }: Parser, kind: Kind): boolean {
  if (kind === 'BlockQuote') return false
  if (kind === 'Italic') return source[at] === '_' && source[at + 1] !== '_'
  return source.startsWith(CLOSING[kind], at)
}

function close(parser: Parser, entity: OpenEntity) {
  parser.open.pop()
  const content = parser.text.slice(entity.offset)
  const range = { offset: entity.offset, length: content.length }
  parser.at += entity.kind === 'Italic' ? 1 : CLOSING[entity.kind as keyof typeof CLOSING].length
  const fields = fieldsOf(parser, entity, content)
  if (fields && content !== '') parser.entities.push({ ...fields, ...range })
}

function fieldsOf(parser: Parser, entity: OpenEntity, content: string) {
  if (entity.kind === 'TextUrl') {
    return linkFields(parser.source[parser.at] === '(' ? takeUrl(parser, 'URL') : content)
  }
  if (entity.kind === 'CustomEmoji') {
    if (parser.source[parser.at] !== '(') {
      throw new MarkupError('Custom emoji entity must contain a tg://emoji URL')
    }
    return emojiFields(takeUrl(parser, 'custom emoji URL'))
  }
  const type = TYPES[entity.kind]!
  return entity.language === undefined ? { type } : { type, language: entity.language }
}

/** Takes `(url)`. */
function takeUrl(parser: Parser, what: string): string {
  const { source } = parser
  const begin = parser.at + 1
  let url = ''
  for (let at = begin; at < source.length; at++) {
    if (source[at] === ')') {
      parser.at = at + 1
      return url
    }
    if (source[at] === '\\' && isEscapable(source.charCodeAt(at + 1))) at++
    url += source[at]
  }
  throw new MarkupError(`Can't find end of a ${what} at byte offset ${byteOffset(source, begin)}`)
}

/** A quotation ends with the last line that begins with `>`; `||` at its end makes it expandable. */
function quoteEnds({ source, at }: Parser, top: OpenEntity | undefined): boolean {
  if (source[at] === '\n') return source[at + 1] !== '>'
  return top?.kind === 'BlockQuote' && /^\|\|\r*(?:\n(?!>)|$)/.test(source.slice(at))
}

function endQuote(parser: Parser, top: OpenEntity) {
  if (top.kind !== 'BlockQuote') throw unclosedError(parser, top)
  const expandable = parser.source[parser.at] === '|'
  if (expandable) parser.at += 2
  while (parser.at < parser.source.length && /[\r\n]/.test(parser.source[parser.at]!)) {
    const character = parser.source[parser.at]!
    put(parser, character, 1)
    if (character === '\n') break
  }
  closeQuote(parser, expandable ? 'expandable_blockquote' : 'blockquote')
}

function closeQuote(parser: Parser, type: string) {
  const { offset } = parser.open.pop()!
  const length = parser.text.length - offset
  if (length > 0) parser.entities.push({ type, offset, length })
  parser.quoting = false
  parser.lineStart = true
}

function unclosedError(parser: Parser, { kind, begin }: OpenEntity): MarkupError {
  return new MarkupError(
    `Can't find end of ${kind} entity at byte offset ${byteOffset(parser.source, begin)}`,
  )
}
