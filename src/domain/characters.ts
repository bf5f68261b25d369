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
export const utf16Units: Measure = (text) => text.length

/** What people take for one character: a flag or a family of several code points is one. The same in all languages. */
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' })

const ELLIPSIS = '…'

/**
 * Cuts to a limit that has room for the «…» at least, and never halves a character, however many code points it has;
 * but one that is longer than the limit all by itself.
 */
export function clip(text: string, limit: number, measure: Measure): string {
  if (measure(text) <= limit) return text
  const room = limit - measure(ELLIPSIS)
  const whole = SEGMENTER.segment(text)
  const end = endOf(segmentsOf(whole), room, measure) || endOf(text, room, measure)
  return text.slice(0, end) + ELLIPSIS
}

function* segmentsOf(segments: Intl.Segments): Iterable<string> {
  for (const { segment } of segments) yield segment
}

/** Where the first pieces end that take no more room than there is. */
function endOf(pieces: Iterable<string>, room: number, measure: Measure): number {
  let end = 0
  let left = room
  for (const piece of pieces) {
    left -= measure(piece)
    if (left < 0) break
    end += piece.length
  }
  return end
}
