import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Summary } from '../../src/domain/summary.ts'
import { unpackSamples, unpackSummaries } from '../../src/store/blocks.ts'
import type { Sample } from '../../src/store/sample.ts'

/**
 * Blocks as they lie in stores. What is packed and unpacked by the same program may agree and be another form all the
 * same, in which it reads years of measurements wrong: whoever changes the form gives it another number, leaves these as
 * they are, and adds blocks of the new one.
 */
const stored: {
  samples: { block: string; hold: Sample[] }
  summaries: { block: string; span: number; hold: Summary[] }
} = JSON.parse(readFileSync(new URL('../golden/blocks.json', import.meta.url), 'utf8'))

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))

test('samples that were packed by an earlier version are read as what they were', () => {
  const { block, hold } = stored.samples
  expect(unpackSamples('820720', bytes(block))).toEqual(hold)
})

test('and so are summaries', () => {
  const { block, span, hold } = stored.summaries
  expect(unpackSummaries('820720', span, bytes(block))).toEqual(hold)
})
