import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { listening, statusesIn, statusOf } from './raw.ts'
import { serverFor, TOKEN } from './support.ts'

const PATH = `/api/device/callback/${TOKEN}`
const taken = async () => ({ ok: true }) as const

/** The statuses that come back for what is sent as it stands. */
async function say(text: string | Uint8Array, seen = serverFor(taken)): Promise<number[]> {
  const raw = await listening(seen)
  const talk = await raw.open(text)
  const first = await Promise.race([talk.answered(), talk.ended()])
  return statusesIn(first)
}
const request = (line: string, headers: readonly string[] = [], body = ''): string =>
  [`${line} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', body].join('\r\n')
const post = (headers: readonly string[], body: string, path = PATH) => request(`POST ${path}`, headers, body)
const ofLength = (body: string) => `Content-Length: ${Buffer.byteLength(body)}`

describe('who asks in two tongues at once is heard in neither', () => {
  const inner = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'
  test.each([
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3'], '{}x'],
    ['a length twice', ['Content-Length: 2', 'Content-Length: 2'], '{}'],
    ['a list of lengths', ['Content-Length: 2, 2'], '{}'],
    ['a negative length', ['Content-Length: -2'], '{}'],
    ['a length in hex', ['Content-Length: 0x2'], '{}'],
    ['a length with a sign', ['Content-Length: +2'], '{}'],
    ['length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${inner}`],
    ['chunks and length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${inner}`],
    ['chunks that are not the last coding', ['Transfer-Encoding: chunked, gzip'], `0\r\n\r\n${inner}`],
    ['a coding that is none', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${inner}`],
    ['a blank before the colon', ['Transfer-Encoding : chunked'], `0\r\n\r\n${inner}`],
    ['a header that goes on in the next line', ['X: a', ' Transfer-Encoding: chunked'], `0\r\n\r\n${inner}`],
    ['a chunk of a size that is none', ['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a chunk of any size', ['Transfer-Encoding: chunked'], 'ffffffffffffffffff\r\n{}'],
    ['a null byte in a header', ['X: a\0b'], ''],
    ['a bare line feed in a header', ['X: a\nContent-Length: 2'], '{}'],
  ])('%s', async (_what, headers, body) => {
    expect(await say(post(headers, body))).toEqual([400])
  })
})

describe('paths', () => {
  test.each([
    ['/../../etc/passwd', 404],
    ['/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/console/kit/..%2f..%2f..%2fpackage.json', 404],
    ['/console/kit/%2e%2e/%2e%2e/package.json', 404],
    ['/console/page/../../../package.json', 404],
    ['//metrics', 404],
    ['/./metrics', 404],
    ['/METRICS', 404],
    ['/metrics/', 404],
    ['/metrics;x=1', 404],
    ['/metrics%00', 404],
    ['/%', 400],
    ['/%c0%ae%c0%ae/', 400],
    ['/api/device/callback/', 404],
    ['/api/device/callback/__proto__', 404],
    [`/api/device/callback/${TOKEN}/..`, 404],
    [`/api/device/callback/${TOKEN}%2f`, 404],
    [`/api/device/callback/${TOKEN}%00`, 404],
    [`/api/device/callback/x/../${TOKEN}`, 404],
  ])('GET %s is %i', async (path, status) => {
    expect(await say(request(`GET ${path}`))).toEqual([status])
  })

  test.each([
    'http://169.254.169.254/metrics',
    'http://evil.example:80/',
    '*',
    'evil.example:443',
    'metrics',
  ])('a target that is no path (%s) leads nowhere', async (target) => {
    const answers = await say(request(`GET ${target}`))
    // Node reads the path of a whole address; it is never asked for anywhere.
    const expected = target.endsWith('/metrics') ? [200, 404] : [400, 404]
    expect(expected).toContain(answers[0])
    expect(answers).toHaveLength(1)
  })
})

describe('methods', () => {
  test.each([
    ['TRACE', 404],
    ['OPTIONS', 404],
    ['PROPFIND', 404],
    ['post', 400],
    ['GETX', 400],
    ['POST\t', 400],
  ])('%s is %i', async (method, status) => {
    expect(await say(request(`${method} /metrics`))).toEqual([status])
  })

  test('CONNECT opens no way through', async () => {
    expect(await say('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n')).toEqual([])
  })

  test('to call it another method in a header changes nothing', async () => {
    const headers = ['X-HTTP-Method-Override: POST', 'X-HTTP-Method: POST', 'X-Method-Override: POST']
    const seen = serverFor(() => Promise.reject(new Error('taken')))
    expect(await say(request(`GET ${PATH}`, headers), seen)).toEqual([405])
  })

  test('an upgrade is not made', async () => {
    const headers = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]
    const [status] = await say(request('GET /healthz', headers))
    expect(status).not.toBe(101)
  })
})

describe('size', () => {
  const limit = 64 * 1024
  test.each([
    ['one header of 20 kB', [`X: ${'a'.repeat(20_000)}`], 431],
    ['thousands of headers', Array.from({ length: 4000 }, (_, n) => `A${n}: b`), 431],
  ])('%s', async (_what, headers, status) => {
    expect(await say(request('GET /healthz', headers))).toEqual([status])
  })

  test('a path of 20 kB', async () => {
    expect(await say(request(`GET /${'a'.repeat(20_000)}`))).toEqual([431])
  })

  test('a length beyond the limit is refused before the body is there', async () => {
    expect(await say(post([`Content-Length: ${10 ** 12}`], '{'))).toEqual([413])
  })

  test('chunks beyond the limit', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    expect(await say(post(['Transfer-Encoding: chunked'], chunk.repeat(6)))).toEqual([413])
  })

  test.each([
    ['deep', '['.repeat(limit - 2)],
    ['deep and closed', '['.repeat(limit / 2 - 1) + ']'.repeat(limit / 2 - 1)],
    ['deep objects', '{"a":'.repeat(10_000)],
    ['wide', `[${'0,'.repeat(30_000)}0]`],
    ['with many names', `{${Array.from({ length: 5000 }, (_, n) => `"${n}":0`).join()}}`],
    ['a number of many digits', '9'.repeat(60_000)],
    ['bytes that are no text', '\xff\xfe\x00\x80'.repeat(100)],
  ])('a body that is %s is answered, not with a fault of ours', async (_what, body) => {
    const [status] = await say(post([ofLength(body)], body))
    expect([200, 400]).toContain(status)
  })

  test('packed bodies are not unpacked: what would be 40 MB stays what it is', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024))
    const head = request(`POST ${PATH}`, ['Content-Encoding: gzip', `Content-Length: ${bomb.length}`])
    let length = 0
    const seen = serverFor(async (_body, raw) => {
      length = raw.length
      return { ok: true }
    })
    await say(Buffer.concat([Buffer.from(head), bomb]), seen)
    expect(length + (seen.kept[0]?.length ?? 0)).toBeGreaterThan(0)
    expect(length + (seen.kept[0]?.length ?? 0)).toBeLessThan(limit)
  })
})

test('names that mean something to JavaScript change nothing', async () => {
  const bodies: unknown[] = []
  const seen = serverFor(async (body) => {
    bodies.push(body)
    return { ok: true }
  })
  const body = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"device":1}'
  expect(await say(post([ofLength(body)], body), seen)).toEqual([200])
  expect(({} as { admin?: boolean }).admin).toBeUndefined()
  expect(bodies).toHaveLength(1)
  expect((bodies[0] as { admin?: boolean }).admin).toBeUndefined()
})

test('what the log says of all this holds no token', async () => {
  const seen = serverFor(() => Promise.reject(new Error('disk')))
  await say(post([ofLength('{}')], '{}'), seen)
  expect(seen.log.join()).toContain('disk')
  expect(seen.log.join()).not.toContain(TOKEN)
})

test('a wrong answer to the question who asks is never taken for ours', () => {
  expect(statusOf('nonsense')).toBe('nonsense')
})
