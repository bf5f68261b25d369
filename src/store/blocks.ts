import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { QUANTITIES, type Summary } from '../domain/summary.ts'
import {
  createSink,
  getNumber,
  packColumn,
  putNumber,
  type Sink,
  type Source,
  unpackColumn,
  unpackInto,
} from './columns.ts'
import type { Sample } from './sample.ts'
import { complete, fromRows, shortened, toRow, WIDTH } from './summary-row.ts'

/**
 * Samples, or summaries, of one breaker that lie together, packed: the version of the form (one byte), a checksum of
 * what follows (four), and, deflated, how many there are and a column of each of their values.
 */
export type Block = Uint8Array

const VERSION = 1
const HEAD = 5
/** Most blocks are shorter, unpacked; room for more costs more than asking for it again. */
const CHUNK = 2048
/** What is measured, in the order of its columns. */
export const VALUES = [...QUANTITIES, 'energy'] as const

/** A block cannot be read: damaged, or of a form that is not known here. */
export class BlockError extends Error {}

/** What the apparent power may follow from, exactly; the first: from nothing. */
const WAYS: readonly ((sample: Sample) => number | undefined)[] = [
  () => undefined,
  ({ voltage = Number.NaN, current = Number.NaN }) => voltage * current,
  ({ power }) => power,
]

/** @param samples of one breaker, in order of time */
export function packSamples(samples: readonly Sample[]): Block {
  const ways = samples.map((sample) =>
    Math.max(
      0,
      WAYS.findIndex((way) => Object.is(way(sample), sample.apparent)),
    ),
  )
  return pack(samples.length, (sink) => {
    packColumn(
      sink,
      samples.map(({ at }) => at),
    )
    packColumn(sink, ways)
    for (const name of VALUES) {
      const value = (sample: Sample, n: number) =>
        (name === 'apparent' && ways[n] !== 0 ? undefined : sample[name]) ?? Number.NaN
      packColumn(sink, samples.map(value))
    }
  })
}

/** @throws BlockError */
export function unpackSamples(device: string, block: Block): Sample[] {
  return unpack(block, (source, count) => {
    const times = unpackColumn(source, count)
    const samples = Array.from(times, (at): Sample => ({ device, at }))
    const ways = unpackColumn(source, count)
    for (const name of VALUES)
      unpackColumn(source, count).forEach((value, n) => {
        if (!Number.isNaN(value)) samples[n]![name] = value
      })
    samples.forEach((sample, n) => {
      const apparent = WAYS[ways[n]!]!(sample)
      if (apparent !== undefined) sample.apparent = apparent
    })
    return samples
  })
}

/** @param summaries of one breaker and of spans of one length, in order of time */
export function packSummaries(summaries: readonly Summary[]): Block {
  const rows = summaries.map((summary) => shortened(toRow(summary)))
  return pack(rows.length, (sink) => {
    for (let column = 0; column < WIDTH; column++)
      packColumn(
        sink,
        rows.map((row) => row[column]!),
      )
  })
}

/** Rows of summaries, one after another. @throws BlockError */
export function unpackRows(block: Block): Float64Array {
  return unpack(block, (source, count) => {
    const rows = new Float64Array(count * WIDTH)
    // From the left to the right: what is expected in a column depends on those before it alone.
    for (let column = 0; column < WIDTH; column++)
      if (unpackInto(source, rows, column, WIDTH)) complete(rows, column)
    return rows
  })
}

/** @param span length of theirs, ms @throws BlockError */
export function unpackSummaries(device: string, span: number, block: Block): Summary[] {
  return [...fromRows({ device, span, rows: unpackRows(block) })]
}

function pack(count: number, put: (sink: Sink) => void): Block {
  const sink = createSink()
  putNumber(sink, count)
  put(sink)
  const packed = deflateRawSync(sink.bytes.subarray(0, sink.length))
  const block = Buffer.allocUnsafe(HEAD + packed.length)
  block[0] = VERSION
  block.writeUInt32LE(crc32(packed), 1)
  packed.copy(block, HEAD)
  return block
}

function unpack<T>(block: Block, get: (source: Source, count: number) => T): T {
  if (block.length < HEAD) throw new BlockError('it is damaged')
  if (block[0] !== VERSION) throw new BlockError(`its form ${block[0]} is not known to this version`)
  const packed = block.subarray(HEAD)
  const sum = new DataView(block.buffer, block.byteOffset, block.byteLength)
  if (sum.getUint32(1, true) !== crc32(packed)) throw new BlockError('it is damaged')
  try {
    const source: Source = { bytes: inflateRawSync(packed, { chunkSize: CHUNK }), at: 0 }
    const count = getNumber(source)
    // The times alone take a byte each: more of them would be room for nothing.
    if (count > source.bytes.length) throw new RangeError(`${count} of them cannot lie in it`)
    return get(source, count)
  } catch (error) {
    throw new BlockError('it is damaged', { cause: error })
  }
}
