import { openStore } from '../store/open.ts'
import type { Sample } from '../store/store.ts'
import { BREAKERS, type DemoBreaker } from './cast.ts'
import { loadAt, noise } from './loads.ts'

const DAYS = 35
const STEP = 300_000
/** The last minutes stand more closely, for a trip shows them. ms. */
const [LAST, CLOSELY] = [900_000, 20_000]
/** So many samples are put into the store at once. */
const PIECE = 4000
/** As the simulated breakers measure. */
const [VOLTS, POWER_FACTOR] = [230, 0.95]

/** What was measured before the demo began, and where the counters stood then, kWh by device. */
export interface Past {
  samples: Sample[]
  counters: Record<string, number>
}

/** Five weeks of made-up readings, so that there is something to ask for: the same for the same beginning. */
export function pastBefore(started: number): Past {
  const past: Past = { samples: [], counters: {} }
  for (const [index, breaker] of BREAKERS.entries()) {
    let counter = 3000 + 2500 * index
    let step = STEP
    for (let at = started - DAYS * 24 * 3_600_000; at < started; at += step) {
      step = started - at > LAST ? STEP : CLOSELY
      const sample = sampleAt(breaker, at, started)
      counter += (sample.power / 1000) * (step / 3_600_000)
      past.samples.push({ ...sample, energy: round(counter, 2) })
    }
    past.counters[breaker.id] = round(counter, 2)
  }
  return past
}

function sampleAt(breaker: DemoBreaker, at: number, started: number) {
  const voltage = round(VOLTS - 2 + 4 * noise(breaker.id, at), 1)
  const amps = breaker.circuits.reduce((sum, { key }) => sum + loadAt(breaker, key, at, started), 0)
  const current = round(amps, 2)
  const apparent = Math.round(voltage * current)
  const power = Math.round(voltage * current * POWER_FACTOR)
  return { device: breaker.id, at, voltage, current, power, apparent }
}

/** Puts it into the store that the service is to find. */
export async function rememberPast(url: string, { samples }: Past): Promise<void> {
  const store = await openStore(url)
  try {
    for (let start = 0; start < samples.length; start += PIECE)
      await store.commit({ samples: samples.slice(start, start + PIECE) })
  } finally {
    await store.close()
  }
}

const round = (value: number, digits: number) => Number(value.toFixed(digits))
