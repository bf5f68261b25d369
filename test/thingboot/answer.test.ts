import { expect, it } from 'vitest'
import { message } from '../../src/domain/message.ts'
import { clockSentence, failureOf, outcomeOf } from '../../src/thingboot/answer.ts'
import { inWords } from './in-words.ts'

const envelope = (code: unknown, more: object = {}) => JSON.stringify({ code, ...more })

it.each<[number, string, object]>([
  [200, envelope(200, { data: { id: 5 } }), { ok: true, data: { id: 5 } }],
  [200, envelope('200'), { ok: true, data: undefined }],
  [
    200,
    envelope(5006),
    { ok: false, kind: 'refused', code: 5006, why: expect.stringContaining('appSecret is not the one') },
  ],
  [200, envelope('5006'), { ok: false, kind: 'refused', code: 5006, why: expect.any(String) }],
  [
    403,
    envelope(5001),
    { ok: false, kind: 'refused', code: 5001, why: expect.stringContaining('thingboot.appId') },
  ],
  [
    200,
    envelope(502),
    { ok: false, kind: 'refused', code: 502, why: expect.stringContaining('no such device') },
  ],
  [200, envelope(504), { ok: false, kind: 'refused', code: 504, why: expect.any(String) }],
  [
    200,
    envelope(5099, { msg: 'too fast' }),
    { ok: false, kind: 'refused', code: 5099, why: 'the cloud answered code 5099: too fast' },
  ],
  [429, envelope(429), { ok: false, kind: 'refused', code: 429, why: 'the cloud answered code 429' }],
  // None of these says that nothing was done.
  [200, envelope(500), { ok: false, kind: 'unknown', why: 'the cloud answered code 500' }],
  [200, envelope(0), { ok: false, kind: 'unknown', why: 'the cloud answered code 0' }],
  [404, envelope(200), { ok: false, kind: 'unknown', why: 'the cloud answered code 200' }],
  [500, envelope(5006), { ok: false, kind: 'unknown', why: expect.stringContaining('HTTP 500') }],
  [502, '<html>Bad Gateway</html>', { ok: false, kind: 'unknown', why: expect.stringContaining('HTTP 502') }],
  [200, '<html>', { ok: false, kind: 'unknown', why: expect.stringContaining('HTTP 200') }],
  [200, '{"code":20', { ok: false, kind: 'unknown', why: expect.any(String) }],
  [200, '', { ok: false, kind: 'unknown', why: expect.any(String) }],
  [200, '[]', { ok: false, kind: 'unknown', why: expect.any(String) }],
  [200, '{"code":null}', { ok: false, kind: 'unknown', why: expect.any(String) }],
  [302, '', { ok: false, kind: 'unknown', why: expect.stringContaining('HTTP 302') }],
])('HTTP %d with %s', (status, text, outcome) => {
  expect(inWords(outcomeOf({ status, text }))).toEqual(outcome)
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
  expect(inWords(failureOf(refused, true, 8))).toEqual({
    ok: false,
    kind: 'unknown',
    why: 'the cloud did not answer within 8 s',
  })
})

it('says which way the clock is off', () => {
  expect(clockSentence(420_400)).toEqual(message('cloud.clock-ahead', { seconds: 420 }))
  expect(clockSentence(-61_000)).toEqual(message('cloud.clock-behind', { seconds: 61 }))
})
