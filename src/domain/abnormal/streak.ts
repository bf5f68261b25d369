/** What one hour or minute says; `neither` is in between, and ends both what is bad and what is well. */
export interface Point {
  /** Its beginning, ms. */
  at: number
  is: 'bad' | 'well' | 'neither'
}

export interface Lasting {
  /** How long one point lasts, ms. */
  span: number
  /** For so long all must be so, ms. */
  length: number
  /** So many at least. */
  least: number
  /** What lies further apart is not known to belong together, ms. */
  gap: number
}

/** Since when all points are so, if for long enough by now; undefined otherwise. What is missing is no evidence. */
export function lastingSince(
  points: readonly Point[],
  is: 'bad' | 'well',
  { span, length, least, gap }: Lasting,
): number | undefined {
  const last = points.at(-1)
  let since: number | undefined
  let count = 0
  for (const point of points.toReversed()) {
    if (point.is !== is || (since ?? point.at) - point.at > gap) break
    since = point.at
    count++
  }
  return last && since !== undefined && count >= least && last.at + span - since >= length ? since : undefined
}
