import { readFileSync } from 'node:fs'
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { parseConfig } from '../../src/config/load.ts'
import {
  type Block,
  BlockError,
  packSamples,
  packSummaries,
  unpackSamples,
  unpackSummaries,
} from '../../src/store/blocks.ts'
import { MINUTE, summariesOf } from '../../src/store/hour.ts'
import { torn } from '../mutate.ts'
import { NOW } from '../samples.ts'
import { claim, target } from '../target.ts'

const SAMPLES = Array.from({ length: 40 }, (_, n) => ({
  device: '820720',
  at: NOW + n * 20_000,
  voltage: 228.4 + (n % 7) / 10,
  current: 12.4,
  power: 2850 + n,
  energy: 1532.81 + n / 100,
  ...(n % 3 === 0 && { apparent: 2850 + n, powerFactor: 0.98 }),
}))
const BLOCKS: readonly Block[] = [packSamples(SAMPLES), packSummaries(summariesOf(SAMPLES, MINUTE))]

const HEAD = 5
/** What a damaged block may become in memory, numbers: not more than its bytes could hold. */
const MOST = 1_000_000

type Bytes = readonly { at: number; byte: number; how: 'set' | 'cut' | 'add' }[]

const damage: fc.Arbitrary<Bytes> = fc.array(
  fc.record({
    at: fc.nat(),
    byte: fc.integer({ min: 0, max: 255 }),
    how: fc.constantFrom('set', 'set', 'cut', 'add'),
  }),
  { maxLength: 4 },
)

function damaged(block: Uint8Array, bytes: Bytes): Uint8Array {
  return bytes.reduce<Uint8Array>((left, { at, byte, how }) => {
    const from = at % (left.length + 1)
    if (how === 'add')
      return Buffer.concat([left.subarray(0, from), Buffer.from([byte]), left.subarray(from)])
    if (how === 'cut') return left.subarray(0, from)
    const copy = Buffer.from(left)
    copy[Math.min(from, copy.length - 1)] = byte
    return copy
  }, block)
}

/** The same damage below the checksum, which then is right: as by a fault of ours when it was written. */
function damagedInside(block: Uint8Array, bytes: Bytes): Uint8Array {
  const packed = deflateRawSync(damaged(inflateRawSync(block.subarray(HEAD)), bytes))
  const head = Buffer.from(block.subarray(0, HEAD))
  head.writeUInt32LE(crc32(packed), 1)
  return Buffer.concat([head, packed])
}

function probeBlock({ which, bytes, inside }: { which: number; bytes: Bytes; inside: boolean }): void {
  const block = (inside ? damagedInside : damaged)(BLOCKS[which]!, bytes)
  try {
    const found = which === 0 ? unpackSamples('820720', block) : unpackSummaries('820720', MINUTE, block)
    claim(found.length <= MOST, `${found.length} of a block of ${block.length} bytes`)
  } catch (error) {
    if (!(error instanceof BlockError)) throw error
  }
}

const EXAMPLE = readFileSync(new URL('../../breakerbot.example.yaml', import.meta.url), 'utf8')
/** Without its comments, which are most of it. */
const BARE = EXAMPLE.replace(/^\s*#.*$/gm, '').replace(/\n{2,}/g, '\n')

export const stored = [
  target({
    name: 'block',
    weight: 2,
    inputs: fc.record({ which: fc.constantFrom(0, 1), bytes: damage, inside: fc.boolean() }),
    probe: probeBlock,
  }),
  target({
    name: 'configuration',
    weight: 0.1,
    inputs: torn(fc.constantFrom(BARE, BARE.slice(0, 600)), 5),
    probe(text: string) {
      const loaded = parseConfig(text, { THINGBOOT_APP_SECRET: 'x'.repeat(16) })
      if (!loaded.ok) claim(loaded.faults.length > 0, 'it is refused without a reason')
    },
  }),
]
