import type { Sample } from '../store.ts'
import { finite } from './numbers.ts'

/** Where the samples of a breaker lie that are in no block yet. */
export const SAMPLES = 'samples'
/** In the order in which they lie there; the last one came last. */
const VALUES = ['voltage', 'current', 'power', 'energy', 'apparent'] as const

/** A sample as the scripts take it: numbers as text, for Lua would shorten them. */
export function toSampleRow(sample: Sample): object {
  const { device, at } = sample
  const values = VALUES.map((name) => {
    const value = sample[name]
    return value === undefined ? '' : String(finite(value, `The ${name} of ${device}`))
  })
  return { device, at: String(finite(at, `The time of a sample of ${device}`)), values }
}

/** A member of a list of samples: at|voltage|current|power|energy|apparent. */
export function parseSample(device: string, member: string): Sample {
  const [at, ...values] = member.split('|')
  const sample: Sample = { device, at: Number(at) }
  VALUES.forEach((name, index) => {
    const value = values[index]
    if (value) sample[name] = Number(value)
  })
  return sample
}
