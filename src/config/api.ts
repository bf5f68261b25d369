import { z } from 'zod'
import { durationBetween, filled, role, url } from './values.ts'

/** How the service is reached over HTTP. */
export const server = z.strictObject({
  host: filled.default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(8080),
  /** The address that people's browsers use. */
  publicUrl: url('http', 'https')
    .refine((text) => /^https?:\/\/[^/?#@]+\/?$/.test(text), {
      error: 'must be scheme, host and port alone: the console needs an address without a path',
    })
    .transform((text) => text.replace(/\/$/, ''))
    .optional(),
  /** The reverse proxies whose word for a caller's address is taken. */
  trustProxy: z.array(filled).default([]),
})

export const consolePart = z.strictObject({
  enabled: z.boolean({ error: 'must be true or false' }).default(true),
  session: durationBetween('1m', '24h', 'how long a sign-in lasts').default(8 * 3_600_000),
})

/** Programs of the user's own, each with a token. */
export const api = z.strictObject({
  tokens: z
    .array(
      z.strictObject({
        name: filled,
        role,
        /** Left out, both: everywhere. */
        sites: z.array(filled).default([]),
        groups: z.array(filled).default([]),
        token: z
          .string({ error: 'must be text: take a long random one' })
          .regex(
            /^[A-Za-z0-9._~-]{32,256}$/,
            'must be 32 to 256 letters, digits, ., _, ~ or -: take one of «openssl rand -hex 32»',
          ),
        mayClose: z.boolean({ error: 'must be true or false' }).default(false),
      }),
    )
    .default([]),
})
