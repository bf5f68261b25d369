import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { loadConfig, parseConfig } from '../../src/config/load.ts'
import { loadConfigApart } from '../../src/config/load-apart.ts'
import { CONTRACT, ENV, faultsOf, fromEnv, MINIMAL, read, warningsOf } from './support.ts'

vi.setConfig({ testTimeout: 30_000 })

/** The minimal configuration with more lines: these begin at line 4. */
const more = (lines: string) => `${MINIMAL}${lines}`
const breaker = (fields: string) =>
  more(`breakers:\n  - { id: 1, name: a, site: s, room: r }\n  - { ${fields} }\n`)
const person = (fields: string) =>
  more(`people:\n  - { name: a, role: admin, telegram: 5 }\n  - { ${fields} }\n`)
const thingboot = (fields: string) => MINIMAL.replace(/^.*\n/, `thingboot: { ${fields} }\n`)
const telegram = (fields: string) => MINIMAL.replace('token: "1:a"', fields)

describe('one fault', () => {
  test.each([
    ['a key that is misspelt', more('locle: en'), 'f:4 locle is not a known key; did you mean «locale»?'],
    [
      'one deep inside',
      breaker('id: 2, name: b, site: s, room: r, ratedCurrnt: 60'),
      'f:6 breakers[1].ratedCurrnt is not a known key; did you mean «ratedCurrent»?',
    ],
    [
      'samples that are not kept for a day',
      more('energy: { keep: { raw: 12h } }'),
      'f:4 energy.keep.raw must be 1d to 366d',
    ],
    [
      'minutes that are kept for less long than samples',
      more('energy: { keep: { raw: 30d, minutes: 8d } }'),
      'f:4 energy.keep.minutes must not be shorter than raw: only what is older than that is kept by minute',
    ],
    [
      'hours that are kept for less long than minutes',
      more('energy: { keep: { hours: 60d } }'),
      'f:4 energy.keep.hours must not be shorter than minutes: each hour of them belongs to one that is kept',
    ],
    [
      'one like no other',
      telegram('token: "1:a", colour: red'),
      'f:2 channels.telegram.colour is not a known key; known here: token, apiRoot, mode, proxy, webhookUrl, perMinute',
    ],
    [
      'a key in a policy',
      more('escalation: { night: { stepps: [], steps: [{ after: 0s }] } }'),
      'f:4 escalation.night.stepps is not a known key; did you mean «steps»?',
    ],
    [
      'a missing text',
      thingboot('appId: a, pushToken: abcdefgh'),
      'f:1 thingboot.appSecret is missing: text',
    ],
    [
      'a person without a role',
      person('name: b'),
      'f:6 people[1].role is missing: viewer, operator or admin, or roles by site',
    ],
    [
      'a role at a site that is none',
      `${breaker('id: 2, name: b, site: pond, room: r')}people: [{ name: b, roles: [{ role: operator, sites: [shed] }] }]\n`,
      'f:7 people[0].roles[0].sites no breaker has «shed» among its sites; there are: s, pond',
    ],
    [
      'a role nowhere',
      person('name: b, roles: [{ role: operator }]'),
      'f:6 people[1].roles[0] needs sites or groups',
    ],
    [
      'a wrong choice',
      person('name: b, role: boss'),
      'f:6 people[1].role must be viewer or operator or admin',
    ],
    [
      'a number for a text',
      thingboot('appId: 123, appSecret: s, pushToken: abcdefgh'),
      'f:1 thingboot.appId is not text: put it in quotes',
    ],
    ['a text for a number', more('server: { port: http }'), 'f:4 server.port is not a number'],
    ['a number that is too big', more('server: { port: 99999 }'), 'f:4 server.port must be at most 65535'],
    ['a text for yes or no', more('actuation: yes'), 'f:4 actuation is not true or false'],
    ['a text for a list', more('people: me'), 'f:4 people is not a list (lines beginning with -)'],
    ['nothing under a key', more('people:'), 'f:4 people is not a list (lines beginning with -)'],
    [
      'an empty text',
      thingboot('appId: "", appSecret: s, pushToken: abcdefgh'),
      'f:1 thingboot.appId must not be empty',
    ],
    [
      'an environment variable',
      thingboot(`appId: a, appSecret: "${fromEnv('NOPE')}", pushToken: abcdefgh`),
      'f:1 thingboot.appSecret the environment variable NOPE is not set; set it, or write the value here',
    ],
    [
      'one between braces without quotes',
      telegram(`token: ${fromEnv('NOPE')}`),
      'f:2 channels.telegram.token the environment variable NOPE is not set; set it, or write the value here',
    ],
    [
      'one as a key',
      telegram(`${fromEnv('A')}: 1, token: "1:a"`),
      `f:2 channels.telegram.${fromEnv('A')} is not a known key; known here: token, apiRoot, mode, proxy, webhookUrl, perMinute`,
    ],
    [
      'a duration without a unit',
      thingboot('appId: a, appSecret: s, pushToken: abcdefgh, reconcileEvery: 60'),
      'f:1 thingboot.reconcileEvery must be a duration such as 30s, 10m or 1h',
    ],
    [
      'no calls at all',
      thingboot('appId: a, appSecret: s, pushToken: abcdefgh, callsPerSecond: 0'),
      'f:1 thingboot.callsPerSecond must be at least 1',
    ],
    [
      'silent after one report',
      thingboot('appId: a, appSecret: s, pushToken: abcdefgh, silentAfter: 1'),
      'f:1 thingboot.silentAfter must be 2 to 100, or 0 for never',
    ],
    [
      'no whole number',
      thingboot('appId: a, appSecret: s, pushToken: abcdefgh, callsPerSecond: 2.5'),
      'f:1 thingboot.callsPerSecond must be a whole number of calls',
    ],
    [
      'a duration in words',
      thingboot('appId: a, appSecret: s, pushToken: abcdefgh, reconcileEvery: 1 minute'),
      'f:1 thingboot.reconcileEvery must be a duration such as 30s, 10m or 1h',
    ],
    [
      'a missing duration',
      more('escalation: { night: { steps: [{ cards: true }] } }'),
      'f:4 escalation.night.steps[0].after is missing: it must be a duration such as 30s, 10m or 1h',
    ],
    [
      'a push token that is too short',
      thingboot('appId: a, appSecret: s, pushToken: abc'),
      'f:1 thingboot.pushToken must be 8 to 128 letters, digits, - or _: it is part of an address; take a long random one',
    ],
    [
      'neither pushes nor mqtt',
      thingboot('appId: a, appSecret: s'),
      'f:1 thingboot.pushToken is missing: pushes come by HTTP (pushToken) or by mqtt; set one',
    ],
    [
      'an address of another kind',
      thingboot('appId: a, appSecret: s, pushToken: abcdefgh, baseUrl: ftp://x'),
      'f:1 thingboot.baseUrl must be an address beginning with https:// or http://',
    ],
    [
      'no channel',
      MINIMAL.replace('telegram: { token: "1:a" }', '').replace(', telegram: -1', ''),
      'f:2 channels needs at least one of telegram, dingtalk, wecom',
    ],
    [
      'a token that is none',
      telegram('token: abc'),
      'f:2 channels.telegram.token must be the token that @BotFather gave, such as 123456:ABC-DEF',
    ],
    [
      'web-hook mode without an address',
      telegram('token: "1:a", mode: webhook'),
      'f:2 channels.telegram.webhookUrl is missing: mode webhook needs the public https address of this server',
    ],
    [
      'no room',
      MINIMAL.replace('{ name: r, telegram: -1 }', ''),
      'f:3 rooms needs at least one room: the chats of the people who look after the breakers',
    ],
    [
      'a chat of a channel that is not there',
      MINIMAL.replace('-1', '-1, wecom: wr1'),
      'f:3 rooms[0].wecom names a wecom chat, but channels.wecom is not configured',
    ],
    [
      'a chat of two rooms',
      MINIMAL.replace('}]', '}, { name: q, telegram: -1 }]'),
      'f:3 rooms[1].telegram «-1» is already at rooms[0].telegram; each may stand once',
    ],
    [
      'two people of one id',
      person('name: b, role: admin, telegram: 5'),
      'f:6 people[1].telegram «5» is already at people[0].telegram; each may stand once',
    ],
    [
      'two people of one name',
      person('name: a, role: admin'),
      'f:6 people[1].name «a» is already at people[0].name; each may stand once',
    ],
    [
      'two breakers of one id',
      breaker('id: "1", name: b, site: s, room: r'),
      'f:6 breakers[1].id «1» is already at breakers[0].id; each may stand once',
    ],
    [
      'two breakers of one name',
      breaker('id: 2, name: a, site: s, room: r'),
      'f:6 breakers[1].name «a» is already at breakers[0].name; each may stand once',
    ],
    [
      'a room that is not there',
      breaker('id: 2, name: b, site: s, room: q'),
      'f:6 breakers[1].room there is no room «q»; rooms are: r',
    ],
    [
      'an id that is none',
      breaker('id: "a b", name: b, site: s, room: r'),
      'f:6 breakers[1].id must be a Thingboot device id: up to 24 letters, digits, - or _, the first no -',
    ],
    [
      'an id that is half a number',
      breaker('id: 1.5, name: b, site: s, room: r'),
      'f:6 breakers[1].id must be an id: put it in quotes',
    ],
    [
      'a rating that is none',
      breaker('id: 2, name: b, site: s, room: r, ratedCurrent: .nan'),
      'f:6 breakers[1].ratedCurrent must be a number, in A',
    ],
    [
      'a rating below zero',
      breaker('id: 2, name: b, site: s, room: r, ratedCurrent: -60'),
      'f:6 breakers[1].ratedCurrent must be above 0, in A',
    ],
    [
      'a circuit that is none',
      breaker('id: 2, name: b, site: s, room: r, circuits: { left: 左泵 }'),
      'f:6 breakers[1].circuits.left circuit keys are power, power1, power2 …',
    ],
    [
      'no circuit',
      breaker('id: 2, name: b, site: s, room: r, circuits: {}'),
      'f:6 breakers[1].circuits needs at least one circuit',
    ],
    [
      'a policy that is not there',
      breaker('id: 2, name: b, site: s, room: r, escalation: night'),
      'f:6 breakers[1].escalation there is no policy «night» under escalation',
    ],
    [
      'a duty of another room',
      more('duty: [{ room: q, rota: [], handover: "Mon 08:00" }]'),
      'f:4 duty[0].room there is no room «q»',
    ],
    [
      'a hand-over at no hour',
      more('duty: [{ room: r, rota: [], handover: "Monday 8:00" }]'),
      'f:4 duty[0].handover must be a weekday and a time such as "Mon 08:00"',
    ],
    [
      'a Redis at no address',
      more('store: redis://host:port'),
      'f:4 store is no address: write redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER]',
    ],
    ['a spool without a file', more('spool: { most: 5 }'), 'f:4 spool.path is missing: text'],
    ['another store', more('store: postgres://x'), 'f:4 store must be sqlite:FILE or redis://…'],
    [
      'a time zone that is none',
      more('timezone: Asia/Beijing2'),
      'f:4 timezone must be a time zone such as Asia/Shanghai',
    ],
    ['a text in place of everything', 'hello', 'f (file) is not a block of keys'],
    [
      'no YAML',
      more('people: ['),
      'f:4 (file) is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a key twice', more('locale: en\nlocale: en'), 'f:5 (file) is not valid YAML: Map keys must be unique'],
    [
      'a block that holds itself',
      more('server: &s { port: *s }'),
      'f:4 server.port is an alias of a block that holds it',
    ],
    [
      'an alias to nothing',
      more('locale: *x'),
      'f (file) is not valid YAML: Unresolved alias (the anchor must be set before the alias); put what begins with * or ! in quotes',
    ],
  ])('%s', (_, text, fault) => expect(faultsOf(text)).toEqual([fault]))
})

describe('several faults', () => {
  test('are all told at once', () => {
    const text = `${MINIMAL.replace('secret,', `"${fromEnv('A')}${fromEnv('B')}",`).replace('"1:a"', '"x"')}locle: en
server: { port: 0.5 }
people: [{ name: a, role: boss }]
`
    expect(faultsOf(text)).toEqual([
      'f:1 thingboot.appSecret the environment variable A is not set; set it, or write the value here',
      'f:1 thingboot.appSecret the environment variable B is not set; set it, or write the value here',
      'f:5 server.port is not a whole number',
      'f:2 channels.telegram.token must be the token that @BotFather gave, such as 123456:ABC-DEF',
      'f:6 people[0].role must be viewer or operator or admin',
      'f:4 locle is not a known key; did you mean «locale»?',
    ])
  })

  test('an empty file', () => {
    expect(faultsOf('')).toEqual([
      'f thingboot is missing: a block of keys',
      'f channels is missing: a block of keys',
      'f rooms is missing: a list (lines beginning with -)',
    ])
  })

  test('between the parts, too', () => {
    const text = more(`breakers:
  - { id: 1, name: a, site: s, room: x }
  - { id: 1, name: a, site: s, room: r }
`)
    expect(faultsOf(text)).toHaveLength(3)
  })
})

describe('what is right, but may surprise', () => {
  test('is warned of', () => {
    const text = `${MINIMAL.replace('telegram: -1 }', 'telegram: -1 }, { name: empty }')}breakers:
  - { id: 1, name: a, site: s, room: r, model: X-1 }
`
    expect(warningsOf(text)).toEqual([
      'f:5 breakers[0].model no profile for «X-1»: read leniently; known: UNI-DLQ-M-60A-P, UNI-DLQ-M-60A, generic-1, generic-2',
      'f:5 breakers[0].ratedCurrent is missing: without it no reading can be called near the rating',
      'f:3 rooms[1] has no chat here: run «breakerbot bind --room empty» and send the code in the group; or send «绑定» or «bind» there, and enter the id that the bot answers',
      'f people nobody is an admin: no one is told of unknown devices',
    ])
  })
})

test('the monthly quota and the fallback of DingTalk', () => {
  const faults = (keys: string) =>
    faultsOf(
      MINIMAL.replace(
        'telegram: { token: "1:a" }',
        `dingtalk: { clientId: a, clientSecret: b, ${keys} }`,
      ).replace('telegram: -1', 'dingtalk: x'),
    )
  expect(faults('monthlyCalls: 0, monthlyPushes: 100000, fallback: markdown')).toEqual([])
  expect(faults('monthlyCalls: 0.5')).toEqual([expect.stringContaining('whole number a month')])
  expect(faults('monthlyPushes: -1')).toEqual([expect.stringContaining('must be 0 or more')])
  expect(faults('fallback: sms')).toEqual([expect.stringContaining('channels.dingtalk.fallback')])
})

describe('a shared store', () => {
  const warnings = (text: string) => warningsOf(more(text)).filter((one) => /store|spool/.test(one))

  test('is warned of where it goes readable over the network', () => {
    expect(warnings('store: redis://10.0.0.5')).toEqual([expect.stringContaining('use rediss://')])
    expect(warnings('store: redis://127.0.0.1:6379/1')).toEqual([])
    expect(warnings('store: rediss://redis.example.com')).toEqual([])
  })

  test('may have a spool, which is of no use beside a file', () => {
    expect(read(more('store: redis://localhost\nspool: { path: ./spool.db }')).spool).toEqual({
      path: './spool.db',
      most: 100_000,
    })
    expect(warnings('spool: { path: ./spool.db }')).toEqual([expect.stringContaining('redis:// only')])
  })
})

describe('the file', () => {
  test('that is not there', () => {
    expect(loadConfig('/nowhere/breakerbot.yaml', {})).toEqual({
      ok: false,
      faults: [
        {
          path: '/nowhere/breakerbot.yaml',
          problem: 'there is no such file; copy breakerbot.example.yaml, or name another with --config FILE',
        },
      ],
    })
  })

  test('that is a folder, and one that is right', () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakerbot-config-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    expect(loadConfig(folder, {})).toMatchObject({ ok: false, faults: [{ path: folder }] })
    const file = join(folder, 'breakerbot.yaml')
    writeFileSync(file, CONTRACT)
    expect(loadConfig(file, ENV)).toMatchObject({ ok: true })
  })

  test('is read alike on a thread of its own, right or wrong', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakerbot-config-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'breakerbot.yaml')
    const example = readFileSync(new URL('../../breakerbot.example.yaml', import.meta.url), 'utf8')
    const settings = example.replaceAll(/^(\s*)#(?=\S)/gm, '$1').replaceAll(/\$\{\w+\}/g, 'some-secret-1')
    for (const text of [CONTRACT, settings, 'a: [']) {
      writeFileSync(file, text)
      expect(await loadConfigApart(file)).toEqual(loadConfig(file, process.env))
    }
  })
})

describe('any text', () => {
  const lines = CONTRACT.split('\n')
  const pieces = fc.constantFrom(
    ...lines,
    '- ',
    '? [a]',
    '&a [*a]',
    '*x',
    '!!binary x',
    '<<: 1',
    '${X',
    '"',
    '{',
    '[',
    '\t',
    '__proto__: 1',
    'constructor: {}',
  )
  const garbled = fc.array(pieces, { maxLength: 30 }).map((some) => some.join('\n'))
  const cut = fc
    .tuple(fc.nat(CONTRACT.length), fc.nat(80), fc.string({ maxLength: 5 }))
    .map(([from, length, put]) => CONTRACT.slice(0, from) + put + CONTRACT.slice(from + length))

  test('is read, or its faults are told', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), garbled, cut), (text) => {
        const loaded = parseConfig(text, ENV)
        if (loaded.ok) return
        expect(loaded.faults.length).toBeGreaterThan(0)
        for (const { path, problem } of loaded.faults)
          expect(`${path}${problem}`).not.toMatch(/undefined|\[object/)
      }),
      { numRuns: 300 },
    )
  })

  test('however deep', () => {
    for (const deep of ['[', '{a: ', '- ']) {
      expect(parseConfig(deep.repeat(20_000), ENV)).toMatchObject({ ok: false })
    }
  })
})

test('two entries that may be one person are warned of', () => {
  const one = '{ name: a, role: admin, telegram: 5, phone: 13900000000, mail: x@y }'
  const people = (two: string) =>
    warningsOf(more(`people:\n  - ${one}\n  - ${two}\n`)).filter((text) => /people\[/.test(text))
  expect(people('{ name: b, role: operator, dingtalk: z, phone: 13900000000, mail: x@y }')).toEqual([
    expect.stringMatching(/^f:6 people\[1\]\.phone is also «a»’s: .* make it one entry$/),
    expect.stringMatching(/^f:6 people\[1\]\.mail is also «a»’s/),
  ])
  expect(people('{ name: b, role: operator, dingtalk: z, phone: 13911111111 }')).toEqual([])
})

test('who is on a rota can be called on', () => {
  const duty = (rota: string, room = 'r') =>
    warningsOf(
      more(`people: [{ name: 甲, role: admin, telegram: 5 }, { name: 乙, role: viewer, wecom: yi }]
duty: [{ room: ${room}, rota: ${rota}, handover: "Sun 23:59" }]`),
    ).filter((one) => one.includes('duty'))
  expect(duty('[甲]')).toEqual([])
  expect(duty('[]')).toEqual([expect.stringContaining('duty[0].rota is empty: nobody is on duty')])
  expect(duty('[甲, 丙]')).toEqual([expect.stringContaining('«丙» is not under people')])
  expect(duty('[乙, 甲, 乙]')).toEqual([
    expect.stringContaining('«乙» has no id on telegram, where the chats of «r» are'),
  ])
})
