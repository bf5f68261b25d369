import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { createMetrics } from '../../src/engine/metrics.ts'
import { createServer } from '../../src/http/server.ts'
import { createLog } from '../../src/log.ts'
import { parsePush } from '../../src/thingboot/parse-push.ts'
import { profileFor } from '../../src/thingboot/profiles.ts'
import { bodies, torn } from '../mutate.ts'
import { NOW, PUSHES, UPDATES } from '../samples.ts'
import { claim, target } from '../target.ts'

const TOKEN = 'push-token-of-the-fuzzing'
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const
const PATHS = [
  `/api/device/callback/${TOKEN}`,
  '/api/device/callback/wrong',
  '/healthz',
  '/readyz',
  '/metrics',
  '/telegram/secret-path',
  '/energy.csv?breaker=820720&from=1&to=2&by=hour&expires=1&sig=x',
  '/console',
  '/openapi.json',
  '/api/v1/breakers/820720/close',
  '/%2e%2e/%2e%2e/etc/passwd',
]
const HEADERS = [
  'content-type',
  'content-encoding',
  'x-forwarded-for',
  'host',
  'origin',
  'cookie',
  'authorization',
  'range',
  'expect',
  'x-telegram-bot-api-secret-token',
] as const
const headerValue = fc.oneof(
  fc.constantFrom(
    'gzip',
    'application/json',
    'text/plain;charset=utf-16',
    ';;;',
    'bytes=0-',
    '127.0.0.1, 10.0.0.1',
  ),
  // Others cannot be sent.
  fc.stringMatching(/^[\x20-\x7e]{0,40}$/),
)

/** Fastify's own refusals: it has no answer of ours to give for them. */
const server = createServer({
  log: createLog({ write() {} }),
  metrics: createMetrics(),
  pushes: {
    async take(body) {
      const parsed = parsePush(body, { receivedAt: NOW, profileFor: () => profileFor(undefined) })
      return parsed.ok ? { ok: true } : parsed
    },
    async keepUnreadable() {},
    unreadable: () => 0,
    spooled: () => undefined,
    refused: () => undefined,
  },
  pushToken: TOKEN,
  webhooks: [
    {
      path: '/telegram/secret-path',
      receive: async (_headers, body) => (typeof body === 'object' && body !== null ? 200 : 400),
    },
  ],
  readiness: async () => ({ ready: true, store: { ok: true }, channels: {}, jobs: {}, unreadable: 0 }),
})

interface Call {
  method: (typeof METHODS)[number]
  url: string
  headers: Record<string, string>
  body: string
}

async function probeRoute({ method, url, headers, body }: Call): Promise<void> {
  // What is no address at all never reaches a server.
  if (!URL.canParse(url, 'http://localhost')) return
  const options: InjectOptions = { method, url, headers }
  if (method !== 'GET' && method !== 'HEAD') options.body = body
  const { statusCode, body: answer } = await server.inject(options)
  claim(statusCode < 500, `${statusCode}: ${answer.slice(0, 200)}`)
  claim(!answer.includes('    at '), 'a stack is shown')
  const isLong = url.startsWith('/metrics') && statusCode === 200
  claim(isLong || answer.length < 4000, `an answer of ${answer.length} bytes`)
}

const path = fc.oneof(fc.constantFrom(...PATHS), torn(fc.constantFrom(...PATHS), 2))

export const routes = [
  target({
    name: 'route',
    weight: 0.3,
    inputs: fc.record({
      method: fc.constantFrom(...METHODS),
      url: path.map((one) => (one.startsWith('/') ? one : `/${one}`)),
      headers: fc.dictionary(fc.constantFrom(...HEADERS), headerValue, { maxKeys: 3 }),
      body: fc.oneof(bodies(PUSHES), bodies(UPDATES)),
    }),
    probe: probeRoute,
  }),
]
