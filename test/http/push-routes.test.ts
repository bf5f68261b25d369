import { expect, test } from 'vitest'
import { serverFor, TOKEN } from './support.ts'

const PATH = '/api/device/callback'
const taken = async () => ({ ok: true }) as const

test('the longest token that the configuration allows is known', async () => {
  const { app } = serverFor(taken)
  const answer = await app.inject({ method: 'POST', url: `${PATH}/${TOKEN}`, body: '{}' })
  expect(answer.statusCode).toBe(200)
})

test.each([
  ['a small body', '{}'],
  ['one that is too large', 'x'.repeat(70_000)],
  ['one that cannot be read', '{"'],
])('a wrong token is 404 whatever comes with it: %s', async (_what, body) => {
  const { app, kept } = serverFor(taken)
  for (const token of ['wrong', `${TOKEN}x`, encodeURIComponent(`${TOKEN}/`)]) {
    const answer = await app.inject({ method: 'POST', url: `${PATH}/${token}`, body })
    expect(answer.statusCode).toBe(404)
    expect(answer.body).not.toContain(token)
  }
  expect(kept).toEqual([])
})

test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] as const)('%s is refused', async (method) => {
  const { app } = serverFor(taken)
  const answer = await app.inject({ method, url: `${PATH}/${TOKEN}` })
  expect(answer.statusCode).toBe(405)
  expect(answer.headers.allow).toBe('POST')
  expect((await app.inject({ method, url: `${PATH}/wrong` })).statusCode).toBe(404)
})

test.each([
  undefined,
  'application/json; charset=utf-8',
  'application/json;charset=gbk',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'nonsense',
  ';;;',
])('content type %s: the body is read all the same', async (type) => {
  const { app } = serverFor(taken)
  const answer = await app.inject({
    method: 'POST',
    url: `${PATH}/${TOKEN}`,
    headers: type === undefined ? {} : { 'content-type': type },
    body: '{"a":1}',
  })
  expect(answer.statusCode).toBe(200)
})

test('a push that cannot be stored is 503, and says nothing of the inside', async () => {
  const { app, log } = serverFor(() => Promise.reject(new Error('database or disk is full')))
  const answer = await app.inject({ method: 'POST', url: `${PATH}/${TOKEN}`, body: '{}' })
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({ error: 'NOT_STORED' })
  expect(answer.body).not.toContain('disk')
  expect(log.join()).toContain('disk is full')
  expect(log.join()).not.toContain(TOKEN)
})
