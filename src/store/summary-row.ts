import { QUANTITIES, type Summary } from '../domain/summary.ts'
import { exact, trapezoid } from '../domain/summary-join.ts'

/**
 * A summary as a row of numbers, with nothing where it has no such part:
 * start, count, parts, firstAt, lastAt · load: first.at, first.power, last.at, last.power, covered, energy ·
 * each quantity: count, min, max, sum · counter: first.at, first.energy, last.at, last.energy, used, resets.
 * `parts` are bits: which quantities, then the load and the counter.
 */
export type SummaryRow = (number | undefined)[]

const [START, COUNT, PARTS, FIRST_AT, LAST_AT] = [0, 1, 2, 3, 4]
const LOAD = 5
const SPREADS = LOAD + 6
const COUNTER = SPREADS + 4 * QUANTITIES.length
export const WIDTH = COUNTER + 6
const HAS_LOAD = 1 << QUANTITIES.length
const HAS_COUNTER = HAS_LOAD << 1
const POWER = SPREADS + 4 * QUANTITIES.indexOf('power')

export function toRow({ start, count, firstAt, lastAt, load, counter, ...spreads }: Summary): SummaryRow {
  const row: SummaryRow = new Array(WIDTH).fill(undefined)
  let parts = 0
  if (load) {
    parts |= HAS_LOAD
    const { first, last, covered, energy } = load
    fill(row, LOAD, [first.at, first.power, last.at, last.power, covered, energy])
  }
  QUANTITIES.forEach((name, n) => {
    const spread = spreads[name]
    if (!spread) return
    parts |= 1 << n
    fill(row, SPREADS + 4 * n, [spread.count, spread.min, spread.max, spread.sum])
  })
  if (counter) {
    parts |= HAS_COUNTER
    const { first, last, used, resets } = counter
    fill(row, COUNTER, [first.at, first.energy, last.at, last.energy, used, resets])
  }
  fill(row, START, [start, count, parts, firstAt, lastAt])
  return row
}

/** @param row whole, but for the parts that it does not have */
export function fromRow(device: string, span: number, row: ArrayLike<number | undefined>): Summary {
  const at = (column: number) => row[column] as number
  const summary: Summary = {
    device,
    start: at(START),
    span,
    count: at(COUNT),
    firstAt: at(FIRST_AT),
    lastAt: at(LAST_AT),
  }
  QUANTITIES.forEach((name, n) => {
    const first = SPREADS + 4 * n
    if ((at(PARTS) >> n) & 1)
      summary[name] = { min: at(first + 1), max: at(first + 2), sum: at(first + 3), count: at(first) }
  })
  if (at(PARTS) & HAS_COUNTER)
    summary.counter = {
      first: { at: at(COUNTER), energy: at(COUNTER + 1) },
      last: { at: at(COUNTER + 2), energy: at(COUNTER + 3) },
      used: at(COUNTER + 4),
      resets: at(COUNTER + 5),
    }
  if (at(PARTS) & HAS_LOAD)
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
  return row.map((value, column) => (Object.is(value, expected(row, column)) ? undefined : value))
}

/** Puts back what {@link shortened} has left out. */
export function completed(row: SummaryRow): SummaryRow {
  // From the left to the right: what is expected in a column depends on those before it alone.
  for (let column = 0; column < WIDTH; column++)
    if (row[column] === undefined && hasPart(row, column)) row[column] = expected(row, column)
  return row
}

function hasPart(row: SummaryRow, column: number): boolean {
  const parts = row[PARTS] ?? 0
  if (column < LOAD) return true
  if (column < SPREADS) return (parts & HAS_LOAD) !== 0
  if (column >= COUNTER) return (parts & HAS_COUNTER) !== 0
  return ((parts >> ((column - SPREADS) >> 2)) & 1) === 1
}

/** What stands in a column where one or two samples, evenly spread over their span, say the same as those before it. */
function expected(row: SummaryRow, column: number): number | undefined {
  const at = (other: number) => row[other] ?? Number.NaN
  if (column === LOAD || column === COUNTER) return row[FIRST_AT]
  if (column === LOAD + 2 || column === COUNTER + 2) return row[LAST_AT]
  if (column === LOAD + 4) return at(LOAD + 2) - at(LOAD)
  if (column === LOAD + 5)
    return trapezoid({ at: at(LOAD), power: at(LOAD + 1) }, { at: at(LOAD + 2), power: at(LOAD + 3) }).energy
  if (column === COUNTER + 4) return exact(at(COUNTER + 3) - at(COUNTER + 1))
  if (column < SPREADS || column > COUNTER) return undefined
  const first = SPREADS + 4 * ((column - SPREADS) >> 2)
  if (column === first) return row[COUNT]
  if (column === first + 1 && first === POWER) return thousandths(Math.min(at(LOAD + 1), at(LOAD + 3)))
  if (column === first + 2)
    return first === POWER ? thousandths(Math.max(at(LOAD + 1), at(LOAD + 3))) : row[first + 1]
  if (column === first + 3) return at(first) === 2 ? at(first + 1) + at(first + 2) : row[first + 1]
  return undefined
}

const thousandths = (value: number) => Math.round(value * 1000)

function fill(row: SummaryRow, from: number, values: number[]): void {
  values.forEach((value, n) => {
    row[from + n] = value
  })
}
