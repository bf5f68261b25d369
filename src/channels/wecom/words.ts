/** Plain text for WeCom: one line, well-formed, without characters that turn the reading order round. */
export function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
}

/**
 * The length of a text in 字, the unit of the documented limits: a Latin letter takes half the room of a Chinese
 * character (that it counts half is inferred; the limits are advice, and clients cut by the room there is).
 */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += widthOfOne(character)
  return width
}

/** Where the scripts begin that are drawn full width, roughly; what is doubtful counts as wide. */
const FIRST_WIDE = '\u1100'
const widthOfOne = (character: string) => (character < FIRST_WIDE ? 0.5 : 1)

const ELLIPSIS = '…'

/** Cuts to so many 字 without halving a character. */
export function clip(text: string, limit: number): string {
  if (widthOf(text) <= limit) return text
  let cut = ''
  let room = limit - widthOf(ELLIPSIS)
  for (const character of text) {
    room -= widthOfOne(character)
    if (room < 0) break
    cut += character
  }
  return cut + ELLIPSIS
}

/** Cuts to so many UTF-8 bytes (at least 3) without halving a character. */
export function clipBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text
  const room = new Uint8Array(limit - Buffer.byteLength(ELLIPSIS))
  const { read } = new TextEncoder().encodeInto(text, room)
  return text.slice(0, read) + ELLIPSIS
}
