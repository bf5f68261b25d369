/** What the shipped font has no picture of, and stands often enough in names and units to be written in another way. */
const INSTEAD: Record<string, string> = {
  '\u2103': '°C',
  '\u2109': '°F',
  '\u03a9': 'ohm',
  '\u2126': 'ohm',
  '\u03bc': 'u',
  '\u00b5': 'u',
  '\u0394': 'd',
}

/** Names may hold emoji, of which no font knows how to draw them in one colour. */
const PICTURES = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\uFE0F|\u200D|\u20E3/gu

/** A text as it can be lettered. */
export function letters(text: string): string {
  const written = [...text].map((one) => INSTEAD[one] ?? one).join('')
  return written.replace(PICTURES, '').replace(/\s+/g, ' ').trim()
}

/** All texts of a value, as they can be lettered. */
export function lettered<T>(value: T): T {
  if (typeof value === 'string') return letters(value) as T
  if (Array.isArray(value)) return value.map(lettered) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lettered(one)])) as T
}

/** A line may end between any two of them. */
const HAN = /\p{Script=Han}/u
const WORDS = new Intl.Segmenter('zh', { granularity: 'word' })

/**
 * Breaks a text into so many lines at most; what is left of it is cut off.
 * @param widthOf of a text, in the unit of `width`
 */
export function fitted(
  text: string,
  width: number,
  most: number,
  widthOf: (text: string) => number,
): string[] {
  const lines = ['']
  for (const { segment } of WORDS.segment(text)) {
    const isWhole = widthOf(segment) <= width && !HAN.test(segment)
    for (const piece of isWhole ? [segment] : segment) {
      if (lines.at(-1) !== '' && widthOf(lines.at(-1)! + piece.trimEnd()) > width) lines.push('')
      if (lines.at(-1) !== '' || piece.trim() !== '') lines[lines.length - 1] += piece
    }
  }
  if (lines.length <= most) return lines.map((line) => line.trim())
  const kept = lines.slice(0, most).map((line) => line.trim())
  return [...kept.slice(0, -1), cut(kept.at(-1)!, width, widthOf)]
}

/** As much of a line as there is room for, with the sign that it went on. */
function cut(line: string, width: number, widthOf: (text: string) => number): string {
  const all = [...line]
  while (all.length > 1 && widthOf(`${all.join('')}…`) > width) all.pop()
  return `${all.join('').trim()}…`
}
