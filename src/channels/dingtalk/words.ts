/** Plain text for DingTalk: one line, well-formed, without characters that turn the reading order round. */
export function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
}

/** Cuts to so many UTF-8 bytes (at least 3) without halving a character. */
export function clip(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const ellipsis = '…'
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes - Buffer.byteLength(ellipsis)))
  return text.slice(0, read) + ellipsis
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
}

/**
 * Plain text inside markdown. What could be read as markup is replaced by its full-width twin: whether DingTalk's
 * clients honour a backslash is not known, and a name must not become a link either way (our choice).
 */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replace(/[*_~`[\]<>|\\#]/g, (character) => WIDE[character] ?? character)
    .replaceAll('://', '：//')
}
