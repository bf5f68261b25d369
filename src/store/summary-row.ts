import { QUANTITIES, type Summary } from '../domain/summary.ts'
import { exact, trapezoid } from '../domain/summary-join.ts'

/**
 * A summary as a row of numbers, NaN where it has no such part:
 * start, count, parts, firstAt, lastAt · load: first.at, first.power, last.at, last.power, covered, energy ·
 * each quantity: count, min, max, sum · counter: first.at, first.energy, last.at, last.energy, used, resets.
 * `parts` are bits: which quantities, then the load and the counter.
 */
export type SummaryRow = Float64Array

/** Summaries of one breaker in order of time, as rows that follow each other. */
export interface SummaryRows {
  device: string
  /** Length of each, ms. */
  span: number
  rows: Float64Array
}

const [START, COUNT, PARTS, FIRST_AT, LAST_AT] = [0, 1, 2, 3, 4]
const LOAD = 5
const SPREADS = LOAD + 6
const COUNTER = SPREADS + 4 * QUANTITIES.length
export const WIDTH = COUNTER + 6
const HAS_LOAD = 1 << QUANTITIES.length
const HAS_COUNTER = HAS_LOAD << 1
const POWER = SPREADS + 4 * QUANTITIES.indexOf('power')

export function toRow({ start, count, firstAt, lastAt, load, counter, ...spreads }: Summary): SummaryRow {
  const row = new Float64Array(WIDTH).fill(Number.NaN)
  let parts = 0
  if (load) {
    parts |= HAS_LOAD
    const { first, last, covered, energy } = load
    row.set([first.at, first.power, last.at, last.power, covered, energy], LOAD)
  }
  QUANTITIES.forEach((name, n) => {
    const spread = spreads[name]
    if (!spread) return
    parts |= 1 << n
    row.set([spread.count, spread.min, spread.max, spread.sum], SPREADS + 4 * n)
  })
  if (counter) {
    parts |= HAS_COUNTER
    const { first, last, used, resets } = counter
    row.set([first.at, first.energy, last.at, last.energy, used, resets], COUNTER)
  }
  row.set([start, count, parts, firstAt, lastAt], START)
  return row
}

/** The summaries, each made when it is asked for: as numbers they take a quarter of the room, and nothing to let go of. */
export function fromRows(all: SummaryRows): Iterable<Summary> {
  return {
    *[Symbol.iterator]() {
      for (let first = 0; first < all.rows.length; first += WIDTH) yield summaryAt(all, first)
    },
  }
}

/** @param first where its row begins */
export function summaryAt({ device, span, rows }: SummaryRows, first: number): Summary {
  const at = (column: number) => rows[first + column]!
  const parts = at(PARTS)
  const summary: Summary = {
    device,
    start: at(START),
    span,
    count: at(COUNT),
    firstAt: at(FIRST_AT),
    lastAt: at(LAST_AT),
  }
  for (let n = 0; n < QUANTITIES.length; n++) {
    const spread = SPREADS + 4 * n
    if ((parts >> n) & 1)
      summary[QUANTITIES[n]!] = {
        min: at(spread + 1),
        max: at(spread + 2),
        sum: at(spread + 3),
        count: at(spread),
      }
  }
  if (parts & HAS_COUNTER)
    summary.counter = {
      first: { at: at(COUNTER), energy: at(COUNTER + 1) },
      last: { at: at(COUNTER + 2), energy: at(COUNTER + 3) },
      used: at(COUNTER + 4),
      resets: at(COUNTER + 5),
    }
  if (parts & HAS_LOAD)
    summary.load = {
      first: { at: at(LOAD), power: at(LOAD + 1) },
      last: { at: at(LOAD + 2), power: at(LOAD + 3) },
      energy: at(LOAD + 5),
      covered: at(LOAD + 4),
    }
  return summary
}

/** The row without what the rest of it tells. */
export function shortened(row: SummaryRow): SummaryRow {
  return row.map((value, column) => (Object.is(value, expected(row, 0, column)) ? Number.NaN : value))
}

/** Puts back what {@link shortened} has left out of a column; those before it are complete. */
export function complete(rows: Float64Array, column: number): void {
  const part = partOf(column)
  for (let first = 0; first < rows.length; first += WIDTH)
    if (Number.isNaN(rows[first + column]) && rows[first + PARTS]! & part)
      rows[first + column] = expected(rows, first, column)
}

/** The bit of the part that a column belongs to; nothing of what every row has is left out. */
function partOf(column: number): number {
  if (column < LOAD) return 0
  if (column < SPREADS) return HAS_LOAD
  return column < COUNTER ? 1 << ((column - SPREADS) >> 2) : HAS_COUNTER
}

/** What stands in a column where one or two samples, at the edges of what was measured, say the same as those before it. */
function expected(rows: Float64Array, first: number, column: number): number {
  const [load, counter] = [first + LOAD, first + COUNTER]
  switch (column) {
    case LOAD:
    case COUNTER:
      return rows[first + FIRST_AT]!
    case LOAD + 2:
    case COUNTER + 2:
      return rows[first + LAST_AT]!
    case LOAD + 4:
      return rows[load + 2]! - rows[load]!
    case LOAD + 5:
      return trapezoid(
        { at: rows[load]!, power: rows[load + 1]! },
        { at: rows[load + 2]!, power: rows[load + 3]! },
      ).energy
    case COUNTER + 4:
      return exact(rows[counter + 3]! - rows[counter + 1]!)
  }
  if (column < SPREADS || column > COUNTER) return Number.NaN
  return expectedSpread(rows, first, column)
}

function expectedSpread(rows: Float64Array, first: number, column: number): number {
  const place = (column - SPREADS) & 3
  const spread = first + column - place
  const isPower = column - place === POWER
  const [from, to] = [rows[first + LOAD + 1]!, rows[first + LOAD + 3]!]
  switch (place) {
    case 0:
      return rows[first + COUNT]!
    case 1:
      return isPower ? Math.round(Math.min(from, to) * 1000) : Number.NaN
    case 2:
      return isPower ? Math.round(Math.max(from, to) * 1000) : rows[spread + 1]!
    default:
      return rows[spread] === 2 ? rows[spread + 1]! + rows[spread + 2]! : rows[spread + 1]!
  }
}
