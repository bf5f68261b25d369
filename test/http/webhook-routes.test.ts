import type { InjectOptions } from 'fastify'
import { expect, test } from 'vitest'
import { serverFor } from './support.ts'

const PATH = '/telegram/secret-path'

function open() {
  const bodies: unknown[] = []
  const receive = async (_headers: unknown, body: unknown) => {
    bodies.push(body)
    return body === undefined ? 400 : 200
  }
  const { app, log } = serverFor(() => Promise.reject(new Error('no push')), [{ path: PATH, receive }])
  return { app, log, bodies }
}

const text = (bytes: number) => JSON.stringify({ update_id: 1, text: 'x'.repeat(bytes) })

test.each<[string, InjectOptions, status: number, heard: boolean]>([
  ['an update', { payload: text(10) }, 200, true],
  ['a large update', { payload: text(600_000) }, 200, true],
  ['one that is too large', { payload: text(1_100_000) }, 413, false],
  ['half an update', { payload: text(10).slice(0, 12) }, 400, true],
  ['nothing', {}, 400, true],
  ['GET', { method: 'GET' }, 404, false],
  ['another path', { url: `${PATH}/`, payload: text(10) }, 404, false],
])('%s', async (_, request, status, heard) => {
  const { app, bodies, log } = open()
  const answer = await app.inject({ method: 'POST', url: PATH, ...request })
  expect(answer.statusCode).toBe(status)
  expect(bodies).toHaveLength(heard ? 1 : 0)
  expect(log.join()).not.toContain(PATH)
  await app.close()
})
