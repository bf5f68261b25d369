import { DEVICE_ID, isFields } from './values.ts'

/** What energy can be asked for: since midnight, since the counter was cleared, ever, the last 3 days, the last 6 hours. */
export const QUERIES = ['today', 'amount', 'total', 'days', 'hours'] as const
export type Query = (typeof QUERIES)[number]

/** Our own questions have references by which their answers are known again. */
const QUERY_REF = /^query[0-9a-z]{12}$/
export const isQueryRef = (extra: string): boolean => QUERY_REF.test(extra)
/** @param id 12 random letters and digits */
export const queryRef = (id: string): string => `query${id.toLowerCase()}`

/** One order to one breaker: a circuit (`power`, `power1` …) or `query`, and the caller's reference. */
export type Order = Readonly<Record<string, string>>

const CIRCUIT = /^power(?:[1-9]\d?)?$/
const EXTRA = /^[A-Za-z0-9]{1,32}$/

/**
 * The guard before anything leaves: says why an order may not be sent, or undefined when it may. The platform also
 * knows orders that wipe counters, hold or pulse contacts, restart or re-home the device or tell its secret
 * (documented, seen in the SDK); everything but opening, closing and reading energy of one breaker stays here.
 */
export function checkOrder(device: unknown, order: unknown): string | undefined {
  if (typeof device !== 'string' || !DEVICE_ID.test(device)) return 'an order goes to exactly one device id'
  if (!isFields(order)) return 'an order is an object'
  const { extra, ...commands } = order
  if (typeof extra !== 'string' || !EXTRA.test(extra)) return 'extra must be 1 to 32 letters and digits'
  const [command, ...others] = Object.entries(commands)
  if (!command || others.length > 0) return 'an order holds exactly one command'
  return checkCommand(...command)
}

function checkCommand(key: string, value: unknown): string | undefined {
  if (CIRCUIT.test(key)) return value === '0' || value === '1' ? undefined : `${key} must be "0" or "1"`
  if (key !== 'query') return `«${key.slice(0, 40)}» is not an order that this program sends`
  return QUERIES.some((query) => query === value) ? undefined : `query must be one of ${QUERIES.join(', ')}`
}
