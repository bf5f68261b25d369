import { z } from 'zod'
import { url } from './values.ts'

/** A collector of traces; left out: nothing is traced, and nothing of it is loaded. */
export const tracing = z.strictObject({
  /** By OTLP over HTTP. An address without a path has `/v1/traces` put to it. */
  otlp: url('https', 'http').transform((text) => {
    const address = new URL(text)
    if (address.pathname === '/') address.pathname = '/v1/traces'
    return address.href
  }),
  /** Sent along, such as a key of the collector's. */
  headers: z.record(z.string().regex(/^[\w-]+$/, 'must be the name of a header'), z.string()).default({}),
  /** The share of traces that is sent. */
  sample: z.number().min(0, 'must be 0 to 1').max(1, 'must be 0 to 1').default(1),
})
