import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTrusted } from '../../../src/channels/dingtalk/hosts.ts'

const OAPI = 'https://oapi.dingtalk.com'
const same = { port: 'same' } as const
const any = { port: 'any' } as const

test.each([
  'https://oapi.dingtalk.com/robot/sendBySession?session=x',
  'https://OAPI.DingTalk.com/robot',
  'https://oapi.dingtalk.com:443/robot',
  'https://oapi.dingtalk.io/robot',
  'wss://wss-open-connection-union.dingtalk.com:443/connect',
  // Browsers and fetch read these as DingTalk's host, so that is where they go.
  'https://oapi.dingtalk\u3002com/robot',
  'https://oapi.dingtalk.com\\@evil.example/',
  'https:oapi.dingtalk.com',
  'https://evil.example\r\n.dingtalk.com/',
])('%s is DingTalk', (address) => {
  expect(isTrusted(address, OAPI, same)).toBe(true)
  expect(new URL(address).hostname).toMatch(/\.dingtalk\.(?:com|io)$/)
})

test.each([
  ['another host', 'https://evil.example/robot'],
  ['DingTalk in the path', 'https://evil.example/oapi.dingtalk.com'],
  ['DingTalk behind a #', 'https://evil.example#.dingtalk.com'],
  ['DingTalk in the query', 'https://evil.example?.dingtalk.com'],
  ['DingTalk as user', 'https://oapi.dingtalk.com@evil.example/'],
  ['DingTalk as user and password', 'https://oapi.dingtalk.com:443@evil.example/'],
  ['a user at DingTalk', 'https://user@oapi.dingtalk.com/'],
  ['DingTalk as a part of a name', 'https://oapi.dingtalk.com.evil.example/'],
  ['a name that ends alike', 'https://evildingtalk.com/'],
  ['a name that ends alike, below', 'https://oapi.evildingtalk.com/'],
  ['no name below', 'https://dingtalk.com/'],
  ['a dot behind', 'https://oapi.dingtalk.com./'],
  ['letters that look alike', 'https://oapi.dіngtalk.com/'],
  ['full width that folds to another name', 'https://oapi.dingtalk.com\uff0eevil.example/'],
  ['without TLS', 'http://oapi.dingtalk.com/'],
  ['a socket without TLS', 'ws://oapi.dingtalk.com/'],
  ['another port', 'https://oapi.dingtalk.com:8443/'],
  ['port 80', 'https://oapi.dingtalk.com:80/'],
  ['this machine', 'https://127.0.0.1/'],
  ['this machine by name', 'http://localhost/'],
  ['this machine as a number', 'http://2130706433/'],
  ['this machine in hex', 'http://0x7f000001/'],
  ['this machine in octal', 'http://0177.0.0.1/'],
  ['this machine, short', 'http://127.1/'],
  ['this machine in IPv6', 'http://[::1]/'],
  ['this machine in IPv6 over IPv4', 'http://[::ffff:127.0.0.1]/'],
  ['any address of it', 'http://0.0.0.0/'],
  ['what clouds tell their machines', 'http://169.254.169.254/latest/meta-data'],
  ['a file', 'file:///etc/passwd'],
  ['data', 'data:text/html,oapi.dingtalk.com'],
  ['script', 'javascript:alert(1)//.dingtalk.com'],
  ['another scheme', 'ftp://oapi.dingtalk.com/'],
  ['no scheme', '//oapi.dingtalk.com/'],
  ['nothing', ''],
  ['nonsense', 'https://'],
])('%s is refused: %s', (_what, address) => {
  expect(isTrusted(address, OAPI, same)).toBe(false)
  expect(isTrusted(address, 'https://api.dingtalk.com', any)).toBe(false)
})

test('what was configured is trusted: host, port and TLS', () => {
  const base = 'https://ding.intra.example:8443'
  expect(isTrusted('https://ding.intra.example:8443/robot', base, same)).toBe(true)
  expect(isTrusted('https://ding.intra.example/robot', base, same)).toBe(false)
  expect(isTrusted('http://ding.intra.example:8443/robot', base, same)).toBe(false)
  expect(isTrusted('https://a.ding.intra.example:8443/robot', base, same)).toBe(false)
  expect(isTrusted('wss://ding.intra.example:9000/connect', base, any)).toBe(true)
  expect(isTrusted('ws://ding.intra.example:9000/connect', base, any)).toBe(false)
  expect(isTrusted('ws://127.0.0.1:9000/connect', 'http://127.0.0.1:8000', any)).toBe(true)
  expect(isTrusted('file://127.0.0.1/etc/passwd', 'http://127.0.0.1:8000', any)).toBe(false)
})

test('whatever it is, what is trusted is a host of DingTalk as fetch reads it', () => {
  const pieces = fc.constantFrom(
    'https://',
    'http:',
    '//',
    '@',
    ':',
    '/',
    '#',
    '?',
    '\\',
    '.',
    'oapi.dingtalk.com',
    'evil.example',
    '127.0.0.1',
    '[::1]',
    '%2e',
    '\t',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 7 }), (parts) => {
      const address = parts.join('')
      if (isTrusted(address, OAPI, same)) expect(new URL(address).hostname).toMatch(/(^|\.)dingtalk\.com$/)
    }),
    { numRuns: 5000 },
  )
})
