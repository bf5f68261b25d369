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
  const places = Math.ceil((into.length - first) / step)
  let known = presence === NONE ? 0 : places
  if (presence === SOME) known = getPresence(source, into, first, step)
  const numbers =
    decimals === AS_THEY_ARE ? getFloats(source, known) : getDecimals(source, known, differences, decimals)
  if (presence === ALL) {
    for (let n = 0, at = first; n < known; n++, at += step) into[at] = numbers[n]!
    return false
  }
  for (let n = 0, at = first; at < into.length; at += step)
    into[at] = presence === SOME && into[at] === 1 ? numbers[n++]! : Number.NaN
  return true
}

export function putNumber(sink: Sink, value: number): void {
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80)) putByte(sink, (left % 0x80) | 0x80)
  putByte(sink, left)
}

/** @throws RangeError */
export function getNumber(source: Source): number {
  let value = 0
  let factor = 1
  for (;;) {
    const byte = getByte(source)
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
    factor *= 0x80
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

function getDecimals(source: Source, count: number, differences: number, decimals: number): Float64Array {
  const power = POWERS[decimals]
  if (power === undefined) throw new RangeError(`there are no ${decimals} decimals`)
  const numbers = new Float64Array(count)
  for (let n = 0; n < count; n++) {
    const folded = getNumber(source)
    const half = Math.floor(folded / 2)
    numbers[n] = half * 2 === folded ? half : -half - 1
  }
  for (let first = differences; first > 0; first--)
    for (let n = first; n < count; n++) numbers[n]! += numbers[n - 1]!
  if (power !== 1) for (let n = 0; n < count; n++) numbers[n]! /= power
  return numbers
}

function putPresence(sink: Sink, values: readonly number[]): void {
  for (let at = 0; at < values.length; at += 8) {
    let byte = 0
    for (let bit = 0; bit < 8; bit++) if (!Number.isNaN(values[at + bit] ?? Number.NaN)) byte |= 1 << bit
    putByte(sink, byte)
  }
}

/** Marks the places of those that are there with 1, the others with 0. Returns how many are there. */
function getPresence(source: Source, into: Float64Array, first: number, step: number): number {
  let known = 0
  for (let n = 0, byte = 0, at = first; at < into.length; n++, at += step) {
    if ((n & 7) === 0) byte = getByte(source)
    const bit = (byte >> (n & 7)) & 1
    into[at] = bit
    known += bit
  }
  return known
}

/** First bytes first, so that what is alike lies together. */
function putFloats(sink: Sink, values: number[]): void {
  const bytes = Buffer.from(new Float64Array(values).buffer)
  for (let plane = 0; plane < 8; plane++)
    for (let n = 0; n < values.length; n++) putByte(sink, bytes[n * 8 + plane]!)
}

function getFloats(source: Source, count: number): Float64Array {
  const floats = new Float64Array(count)
  const bytes = new Uint8Array(floats.buffer)
  for (let plane = 0; plane < 8; plane++)
    for (let n = 0; n < count; n++) bytes[n * 8 + plane] = getByte(source)
  return floats
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
