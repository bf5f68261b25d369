import { expect, test } from 'vitest'
import { isUnwritten, readNetworkError } from '../../../src/channels/kit/network.ts'
import { closedPort } from '../../support/closed-port.ts'

/** The error of a fetch where nobody listens. */
const refusedBy = async (host: string): Promise<unknown> =>
  fetch(`http://${host}:${await closedPort()}/path?key=secret`).catch((error: unknown) => error)

test.for(['127.0.0.1', 'localhost'])(
  'a refused connection is named by its code and address (%s)',
  async (host) => {
    const { code, text } = readNetworkError(await refusedBy(host))
    expect(text).toMatch(/^ECONNREFUSED (127\.0\.0\.1|::1):\d+$/)
    expect(code).toBe('ECONNREFUSED')
    expect(isUnwritten(code!)).toBe(true)
  },
)

test('what has no code is told in its own words, without addresses that may be secret', async () => {
  const blocked: unknown = await fetch('http://127.0.0.1:9/').catch((error: unknown) => error)
  expect(readNetworkError(blocked)).toEqual({ text: 'bad port' })
  const cause = new Error('cannot reach https://a.example/robot?session=secret')
  expect(readNetworkError(new TypeError('fetch failed', { cause })).text).toBe('cannot reach <address>')
  expect(readNetworkError('odd').text).toBe('odd')
  expect(isUnwritten('ECONNRESET')).toBe(false)
})
