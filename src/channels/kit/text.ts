import { clip, type Measure, plain, sound, utf16Units } from '../../domain/characters.ts'

export { clip, type Measure, plain, sound, utf16Units }

export const utf8Bytes: Measure = (text) => Buffer.byteLength(text)

/** A value that came from outside as text, whatever it is. */
export function inText(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (typeof value !== 'object' || value === null) return String(value)
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return 'an object'
  }
}

/** What may be told of a text that came from outside: one line of at most 200 characters, without these secrets. */
export function excerpt(text: string, ...secrets: string[]): string {
  const safe = secrets.reduce((rest, secret) => rest.replaceAll(secret, '<secret>'), text)
  return clip(plain(safe), 200, utf16Units)
}

const WIDE: Record<string, string> = {
  '*': '＊',
  _: '＿',
  '~': '～',
  '`': '｀',
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '|': '｜',
  '\\': '＼',
  '#': '＃',
  '-': '－',
  '+': '＋',
  '=': '＝',
}
const wide = (character: string) => WIDE[character] ?? character

/**
 * Plain text inside markdown. What could be read as markup is replaced by its full-width twin: whether the clients
 * of WeCom and DingTalk honour a backslash is not known, and a name must not become a link either way (our choice).
 * An underscore inside or after a word opens nothing and stays: ids that people copy are full of them.
 */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replace(/[*~`[\]<>|\\]/g, wide)
    .replace(/(?<![\p{L}\p{N}_])_+/gu, (run) => run.replaceAll('_', wide))
    .replace(/^(?:#|[=+-](?=[#=+\s-]|$))/, wide)
}
