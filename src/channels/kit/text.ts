/** Sound Unicode that reads the way it is written: a change of direction would forge facts. Keeps its lines. */
export const sound = (text: string): string =>
  text.toWellFormed().replace(/[\u202a-\u202e\u2066-\u2069]/g, '')

/** One line of {@link sound} text: names come from users, and a line break would forge facts too. */
export function plain(text: string): string {
  return sound(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** How much of a limit a text takes, in the unit of the platform; that of a whole is the sum of its characters'. */
export type Measure = (text: string) => number
export const utf8Bytes: Measure = (text) => Buffer.byteLength(text)
export const utf16Units: Measure = (text) => text.length

const ELLIPSIS = '…'

/** Cuts to a limit that has room for the «…» at least, and never halves a character. */
export function clip(text: string, limit: number, measure: Measure): string {
  if (measure(text) <= limit) return text
  let room = limit - measure(ELLIPSIS)
  let end = 0
  for (const character of text) {
    room -= measure(character)
    if (room < 0) break
    end += character.length
  }
  return text.slice(0, end) + ELLIPSIS
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
