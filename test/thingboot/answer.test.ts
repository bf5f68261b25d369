import { expect, it } from 'vitest'
import { clockSentence, failureOf, outcomeOf } from '../../src/thingboot/answer.ts'

const envelope = (code: unknown, more: object = {}) => JSON.stringify({ code, ...more })

it.each<[number, string, object]>([
  [200, envelope(200, { data: { id: 5 } }), { ok: true, data: { id: 5 } }],
  [200, envelope('200'), { ok: true, data: undefined }],
  [
    200,
    envelope(5006),
    { ok: false, kind: 'refused', code: 5006, message: expect.stringContaining('appSecret is not the one') },
  ],
  [200, envelope('5006'), { ok: false, kind: 'refused', code: 5006, message: expect.any(String) }],
  [
    403,
    envelope(5001),
    { ok: false, kind: 'refused', code: 5001, message: expect.stringContaining('thingboot.appId') },
  ],
  [
    200,
    envelope(502),
    { ok: false, kind: 'refused', code: 502, message: expect.stringContaining('no such device') },
  ],
  [200, envelope(504), { ok: false, kind: 'refused', code: 504, message: expect.any(String) }],
  [
    200,
    envelope(5099, { msg: 'too fast' }),
    { ok: false, kind: 'refused', code: 5099, message: 'the cloud answered code 5099: too fast' },
  ],
  [429, envelope(429), { ok: false, kind: 'refused', code: 429, message: 'the cloud answered code 429' }],
  // None of these says that nothing was done.
  [200, envelope(500), { ok: false, kind: 'unknown', message: 'the cloud answered code 500' }],
  [200, envelope(0), { ok: false, kind: 'unknown', message: 'the cloud answered code 0' }],
  [404, envelope(200), { ok: false, kind: 'unknown', message: 'the cloud answered code 200' }],
  [500, envelope(5006), { ok: false, kind: 'unknown', message: expect.stringContaining('HTTP 500') }],
  [
    502,
    '<html>Bad Gateway</html>',
    { ok: false, kind: 'unknown', message: expect.stringContaining('HTTP 502') },
  ],
  [200, '<html>', { ok: false, kind: 'unknown', message: expect.stringContaining('HTTP 200') }],
  [200, '{"code":20', { ok: false, kind: 'unknown', message: expect.any(String) }],
  [200, '', { ok: false, kind: 'unknown', message: expect.any(String) }],
  [200, '[]', { ok: false, kind: 'unknown', message: expect.any(String) }],
  [200, '{"code":null}', { ok: false, kind: 'unknown', message: expect.any(String) }],
  [302, '', { ok: false, kind: 'unknown', message: expect.stringContaining('HTTP 302') }],
])('HTTP %d with %s', (status, text, outcome) => {
  expect(outcomeOf({ status, text })).toEqual(outcome)
})

const failed = (cause: object) => new TypeError('fetch failed', { cause })

it.each<[string, unknown, string]>([
  ['refused', failed({ code: 'ECONNREFUSED', syscall: 'connect' }), 'unreachable'],
  ['no route', failed({ code: 'EHOSTUNREACH', syscall: 'connect' }), 'unreachable'],
  ['no such name', failed({ code: 'ENOTFOUND', syscall: 'getaddrinfo' }), 'unreachable'],
  [
    'every address refused',
    failed(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })),
    'unreachable',
  ],
  ['connecting took too long', failed({ code: 'UND_ERR_CONNECT_TIMEOUT' }), 'unreachable'],
  ['a bad certificate', failed({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'unreachable'],
  ['another host’s certificate', failed({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'unreachable'],
  ['an incomplete chain', failed({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), 'unreachable'],
  ['cut while reading', failed({ code: 'ECONNRESET', syscall: 'read' }), 'unknown'],
  ['cut while writing', failed({ code: 'EPIPE', syscall: 'write' }), 'unknown'],
  ['closed by the other side', failed({ code: 'UND_ERR_SOCKET' }), 'unknown'],
  ['given up by the caller', new DOMException('aborted', 'AbortError'), 'unknown'],
  ['something else', 'odd', 'unknown'],
])('%s', (_what, error, kind) => {
  expect(failureOf(error, false, 8)).toMatchObject({ ok: false, kind })
})

it('a time-out may have been too late, wherever it struck', () => {
  const refused = failed({ code: 'ECONNREFUSED', syscall: 'connect' })
  expect(failureOf(refused, true, 8)).toEqual({
    ok: false,
    kind: 'unknown',
    message: 'the cloud did not answer within 8 s',
  })
})

it('says which way the clock is off', () => {
  expect(clockSentence(420_400)).toContain('420 s ahead of')
  expect(clockSentence(-61_000)).toContain('61 s behind')
})
