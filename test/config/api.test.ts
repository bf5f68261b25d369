import { describe, expect, test } from 'vitest'
import { secretsOf } from '../../src/config/secrets.ts'
import { toPolicy } from '../../src/config/to-policy.ts'
import { faultsOf, MINIMAL, read } from './support.ts'

const TOKEN = 'a'.repeat(32)
const more = (text: string) => `${MINIMAL}${text}\n`
const token = (fields: string) =>
  more(`api: { tokens: [{ name: script, role: operator, token: ${TOKEN}${fields} }] }`)
const BREAKER = 'breakers: [{ id: "1", name: a, site: s, room: r, groups: [g] }]'

describe('server.publicUrl', () => {
  test.each(['https://bots.example', 'http://10.0.0.5:8080', 'https://bots.example/'])('%s', (url) => {
    expect(read(more(`server: { publicUrl: "${url}" }`)).server.publicUrl).toBe(url.replace(/\/$/, ''))
  })
  test.each(['bots.example', 'ftp://bots.example', 'https://bots.example/path', 'https://a@bots.example'])(
    'not %s',
    (url) => {
      expect(faultsOf(more(`server: { publicUrl: "${url}" }`)).join()).toContain('server.publicUrl')
    },
  )
})

describe('api.tokens', () => {
  test('become programs whose token is kept as a hash, and is struck out of the log', () => {
    const config = read(token(', mayClose: true'))
    const [program] = toPolicy(config).programs!
    expect(program).toMatchObject({ name: 'script', role: 'operator', ids: {}, program: { mayClose: true } })
    expect(JSON.stringify(toPolicy(config))).not.toContain(TOKEN)
    expect(secretsOf(config)).toContain(TOKEN)
  })

  test('with sites or groups have their role there alone', () => {
    const [program] = toPolicy(read(`${token(', sites: [s], groups: [g]')}${BREAKER}\n`)).programs!
    expect(program!.role).toBeUndefined()
    expect(program!.roles).toEqual([{ role: 'operator', sites: ['s'], groups: ['g'] }])
  })

  test.each([
    ['a short token', more(`api: { tokens: [{ name: x, role: viewer, token: short }] }`), '32 to 256'],
    ['a site that there is not', token(', sites: [nowhere]'), '«nowhere»'],
    ['a close by a viewer', token(', mayClose: true').replace('operator', 'viewer'), 'operator or admin'],
    ['the name of a person', `${token('')}people: [{ name: script, role: viewer }]\n`, '«script» is taken'],
    [
      'one name twice',
      more(
        `api: { tokens: [{ name: x, role: viewer, token: ${TOKEN} }, { name: x, role: viewer, token: ${'b'.repeat(32)} }] }`,
      ),
      '«x» is taken',
    ],
    [
      'one token twice',
      more(
        `api: { tokens: [{ name: x, role: viewer, token: ${TOKEN} }, { name: y, role: viewer, token: ${TOKEN} }] }`,
      ),
      'another program’s',
    ],
  ])('%s is a fault', (_what, text, says) => {
    expect(faultsOf(text).join('\n')).toContain(says)
  })
})

test.each(['30s', '25h'])('console.session of %s is a fault', (span) => {
  expect(faultsOf(more(`console: { session: ${span} }`)).join()).toContain('1m to 24h')
})
