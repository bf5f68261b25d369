/**
 * Numbers of one kind that follow each other, packed. Measured values are decimals and change little: as whole numbers,
 * each less the one before (or less what the one before would lead to expect), they are short. Whatever numbers
 * come are given back exactly; those that are no such decimals are kept as they are, eight bytes each. NaN stands for
 * nothing.
 *
 * A column begins with a byte: its low four bits say how many decimals it has, or {@link AS_THEY_ARE}, the next two how
 * often differences were taken, the high two which of its values are there.
 */

/** Bytes that are added to. */
export interface Sink {
  bytes: Buffer
  length: number
}

/** Bytes that are read on from a place. */
export interface Source {
  bytes: Uint8Array
  at: number
}

const AS_THEY_ARE = 15
const MOST_DECIMALS = 9
const POWERS = Array.from({ length: MOST_DECIMALS + 1 }, (_, n) => 10 ** n)
/** So small that differences of differences are exact. */
const GREATEST = 2 ** 49
const MOST_DIFFERENCES = 2

const [ALL, NONE, SOME] = [0, 1, 2]

export function createSink(): Sink {
  return { bytes: Buffer.allocUnsafe(4096), length: 0 }
}

export function packColumn(sink: Sink, values: readonly number[]): void {
  const known = values.filter((value) => !Number.isNaN(value))
  const presence = known.length === values.length ? ALL : known.length === 0 ? NONE : SOME
  const decimals = decimalsOf(known)
  if (presence === NONE || decimals === undefined) {
    putByte(sink, (presence << 6) | AS_THEY_ARE)
    if (presence === SOME) putPresence(sink, values)
    putFloats(sink, known)
    return
  }
  const power = POWERS[decimals]!
  const { differences, numbers } = shortest(known.map((value) => Math.round(value * power)))
  putByte(sink, (presence << 6) | (differences << 4) | decimals)
  if (presence === SOME) putPresence(sink, values)
  for (const value of numbers) putNumber(sink, value < 0 ? -2 * value - 1 : 2 * value)
}

/** @throws RangeError when the bytes end before it does */
export function unpackColumn(source: Source, count: number): Float64Array {
  const values = new Float64Array(count)
  unpackInto(source, values, 0, 1)
  return values
}

/**
 * Unpacks a column into every so many places of an array, from one on to its end.
 * @returns false where nothing is missing
 * @throws RangeError when the bytes end before it does
 */
export function unpackInto(source: Source, into: Float64Array, first: number, step: number): boolean {
  const head = getByte(source)
  const [presence, differences, decimals] = [head >> 6, (head >> 4) & 3, head & 15]
  for (let at = first; at < into.length; at += step) into[at] = presence === ALL ? 0 : Number.NaN
  if (presence === NONE) return true
  if (presence === SOME) getPresence(source, into, first, step)
  if (decimals === AS_THEY_ARE) getFloats(source, into, first, step)
  else getDecimals(source, into, first, step, { differences, decimals })
  return presence !== ALL
}

export function putNumber(sink: Sink, value: number): void {
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80)) putByte(sink, (left % 0x80) | 0x80)
  putByte(sink, left)
}

/** @throws RangeError */
export function getNumber(source: Source): number {
  const first = getByte(source)
  if (first < 0x80) return first
  let value = first & 0x7f
  for (let factor = 0x80; ; factor *= 0x80) {
    const byte = getByte(source)
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
  }
}

/** How many decimals give all of them back exactly; undefined where none do. */
function decimalsOf(values: readonly number[]): number | undefined {
  let decimals = 0
  const fits = (value: number) => {
    const whole = Math.round(value * POWERS[decimals]!) + 0
    return Math.abs(whole) <= GREATEST && Object.is(whole / POWERS[decimals]!, value)
  }
  for (const value of values) {
    while (!fits(value)) if (++decimals > MOST_DECIMALS) return undefined
  }
  return values.every(fits) ? decimals : undefined
}

/** The numbers, their differences, or the differences of these, whatever has the fewest bits. */
function shortest(values: number[]): { differences: number; numbers: number[] } {
  let best = { differences: 0, numbers: values }
  let least = bitsOf(values)
  let numbers = values
  for (let differences = 1; differences <= MOST_DIFFERENCES; differences++) {
    const before = numbers
    numbers = before.map((value, n) => (n < differences ? value : value - before[n - 1]!))
    const bits = bitsOf(numbers)
    if (bits < least) [best, least] = [{ differences, numbers }, bits]
  }
  return best
}

function bitsOf(values: number[]): number {
  return values.reduce((sum, value) => sum + Math.ceil(Math.log2(Math.abs(value) + 1)), 0)
}

/** Into the places that hold no NaN. */
function getDecimals(
  source: Source,
  into: Float64Array,
  first: number,
  step: number,
  { differences, decimals }: { differences: number; decimals: number },
): void {
  const power = POWERS[decimals]
  if (power === undefined) throw new RangeError(`there are no ${decimals} decimals`)
  let [value, slope, isFirst] = [0, 0, true]
  for (let at = first; at < into.length; at += step) {
    if (Number.isNaN(into[at])) continue
    const folded = getNumber(source)
    const half = Math.floor(folded / 2)
    const number = half * 2 === folded ? half : -half - 1
    if (isFirst || differences === 0) value = number
    else {
      slope = differences === 1 ? number : slope + number
      value += slope
    }
    isFirst = false
    into[at] = power === 1 ? value : value / power
  }
}

function putPresence(sink: Sink, values: readonly number[]): void {
  for (let at = 0; at < values.length; at += 8) {
    let byte = 0
    for (let bit = 0; bit < 8; bit++) if (!Number.isNaN(values[at + bit] ?? Number.NaN)) byte |= 1 << bit
    putByte(sink, byte)
  }
}

/** Puts 0 into the places of those that are there. */
function getPresence(source: Source, into: Float64Array, first: number, step: number): void {
  for (let n = 0, byte = 0, at = first; at < into.length; n++, at += step) {
    if ((n & 7) === 0) byte = getByte(source)
    if ((byte >> (n & 7)) & 1) into[at] = 0
  }
}

/** First bytes first, so that what is alike lies together. */
function putFloats(sink: Sink, values: number[]): void {
  const bytes = Buffer.from(new Float64Array(values).buffer)
  for (let plane = 0; plane < 8; plane++)
    for (let n = 0; n < values.length; n++) putByte(sink, bytes[n * 8 + plane]!)
}

/** Into the places that hold no NaN. */
function getFloats(source: Source, into: Float64Array, first: number, step: number): void {
  let count = 0
  for (let at = first; at < into.length; at += step) if (!Number.isNaN(into[at])) count++
  const floats = new Float64Array(count)
  const bytes = new Uint8Array(floats.buffer)
  for (let plane = 0; plane < 8; plane++)
    for (let n = 0; n < count; n++) bytes[n * 8 + plane] = getByte(source)
  for (let n = 0, at = first; n < count; at += step) if (!Number.isNaN(into[at])) into[at] = floats[n++]!
}

function putByte(sink: Sink, byte: number): void {
  if (sink.length === sink.bytes.length)
    sink.bytes = Buffer.concat([sink.bytes, Buffer.allocUnsafe(sink.length)])
  sink.bytes[sink.length++] = byte
}

function getByte(source: Source): number {
  const byte = source.bytes[source.at++]
  if (byte === undefined) throw new RangeError('it ends too early')
  return byte
}
