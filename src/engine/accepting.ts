import { clock, traced } from '../tracing/trace.ts'
import type { Parts } from './parts.ts'

/** How something came in. */
export type Source = 'http' | 'mqtt' | 'chat'

/** Takes something in: measured until it is on disk, and told to the collector of traces if there is one. */
export async function accepted<T>(
  { metrics, tracing }: Pick<Parts, 'metrics' | 'tracing'>,
  source: Source,
  take: () => Promise<T>,
): Promise<T> {
  const start = clock()
  const begun = { name: `take ${source}`, attributes: {} }
  const taken = await (tracing ? traced(begun, tracing, take) : take())
  metrics.accepted.observe({ source }, (clock() - start) / 1000)
  return taken
}
