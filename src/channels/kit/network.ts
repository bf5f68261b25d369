import { z } from 'zod'
import { excerpt, inText } from './text.ts'

/** The connection was never there, so nothing was written (Node's and undici's codes). */
const BEFORE_WRITING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Whether an error with this code came up before the first byte of a request was written. */
export const isUnwritten = (code: string) => BEFORE_WRITING.has(code)

const systemError = z.object({
  code: z.string(),
  address: z.string().optional(),
  hostname: z.string().optional(),
  port: z.number().optional(),
})

/** What failed on the way: the system's code and the far end, without paths and queries, which may be secret. */
export function readNetworkError(error: unknown): { code?: string; text: string } {
  const root = innermost(error)
  const { data } = systemError.safeParse(root)
  if (data) {
    const { code, address, hostname, port } = data
    const place = [address ?? hostname, port].filter((part) => part !== undefined).join(':')
    return { code, text: place === '' ? code : `${code} ${place}` }
  }
  const said = root instanceof Error ? root.message : inText(root)
  return { text: excerpt(said.replace(/\b[a-z]+:\/\/\S+/gi, '<address>')) }
}

/** `fetch` hides the error of the system in `cause`, and a name with several addresses has one for each. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error
}
