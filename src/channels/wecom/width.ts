/**
 * The length of a text in 字, the unit of the documented limits: a Latin letter takes half the room of a Chinese
 * character (that it counts half is inferred; the limits are advice, and clients cut by the room there is).
 */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += character < FIRST_WIDE ? 0.5 : 1
  return width
}

/** Where the scripts begin that are drawn full width, roughly; what is doubtful counts as wide. */
const FIRST_WIDE = '\u1100'
