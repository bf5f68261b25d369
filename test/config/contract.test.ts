import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'
import { secretsOf } from '../../src/config/secrets.ts'
import { toPolicy } from '../../src/config/to-policy.ts'
import { DRAW_KINDS, USUAL_DRAW_RULES } from '../../src/domain/abnormal/rules.ts'
import { USUAL_OFFLINE } from '../../src/domain/offline.ts'
import { USUAL_SEVERITY } from '../../src/domain/severity.ts'
import { CONTRACT, ENV, faultsOf, fromEnv, MINIMAL, read } from './support.ts'

/** The defaults. */
const CLOSING = {
  coolDown: 180_000,
  coolDownHot: 900_000,
  betweenCloses: 10_000,
  perHour: 6,
  perDay: 20,
  fresh: 10_000,
  voltageWithin: 15,
  voltageStable: 60_000,
  inrush: 3000,
  reclaim: 180_000,
}

describe('the configuration of the contract', () => {
  test('is read as it stands', () => {
    const config = read(CONTRACT)
    expect(config).toMatchObject({
      locale: 'zh-CN',
      server: { host: '0.0.0.0', port: 8080 },
      thingboot: { appSecret: 'app-secret', pushToken: 'push-token', reconcileEvery: 60_000 },
      channels: { telegram: { token: '1:token', mode: 'polling', proxy: null } },
      rooms: [{ name: 'night-shift', telegram: '-1001234567890', dingtalk: 'cidXXXX==', wecom: 'wrXXXX' }],
      people: [{ name: '电工甲', role: 'operator', telegram: '123456789' }],
      breakers: [{ id: '820720', autoReclose: { deadTime: 5000, shots: 1, reclaim: 180_000, perDay: 3 } }],
      escalation: {
        default: {
          ackTimeout: 1_800_000,
          steps: [{ after: 0, cards: true }, { after: 120_000 }, {}, {}, {}],
        },
      },
    })
  })

  test('what is not carried out yet is said', () => {
    const loaded = parseConfig(CONTRACT, ENV)
    expect(loaded.ok && loaded.warnings.map((one) => one.path)).toEqual([
      'duty[0].rota',
      'notify.webhooks.ops.secret',
      'people',
    ])
  })

  test('becomes the policy that decisions use', () => {
    expect(toPolicy(read(CONTRACT))).toEqual({
      locale: 'zh-CN',
      timezone: 'Asia/Shanghai',
      actuation: true,
      rooms: [
        {
          name: 'night-shift',
          locale: 'zh-CN',
          chats: [
            { channel: 'telegram', chat: '-1001234567890' },
            { channel: 'dingtalk', chat: 'cidXXXX==' },
            { channel: 'wecom', chat: 'wrXXXX' },
          ],
        },
      ],
      programs: [],
      people: [
        {
          name: '电工甲',
          role: 'operator',
          ids: { telegram: '123456789', dingtalk: 'manager123', wecom: 'dianGongJia' },
        },
      ],
      breakers: [
        {
          id: '820720',
          name: '3号增氧机',
          site: '一号鱼塘',
          room: 'night-shift',
          ratedCurrent: 60,
          circuits: { power: '' },
          groups: ['一号鱼塘', '增氧'],
          remoteClose: true,
          autoReclose: {
            causes: ['over-voltage', 'under-voltage', 'phase-loss'],
            deadTime: 5000,
            shots: 1,
            reclaim: 180_000,
            perDay: 3,
          },
        },
      ],
      closing: CLOSING,
      duty: [
        {
          room: 'night-shift',
          rota: ['电工甲', '电工乙'],
          handover: { weekday: 0, hour: 8, minute: 0 },
        },
      ],
      confirmWithin: 60_000,
      feedbackWithin: 10_000,
      groupCloseEvery: 5000,
      storm: { more: 3, within: 10_000 },
      severity: USUAL_SEVERITY,
      offline: USUAL_OFFLINE,
      draw: USUAL_DRAW_RULES,
      pictures: true,
      tripPictures: true,
      escalations: {
        policies: {
          default: {
            name: 'default',
            ackTimeout: 1_800_000,
            repeat: 1,
            repeatAfter: 300_000,
            steps: [
              { after: 0, cards: true },
              { after: 120_000, mention: 'duty' },
              { after: 300_000, call: 'duty' },
              { after: 600_000, mail: ['manager@example.com'] },
              { after: 600_000, webhook: 'ops' },
            ],
          },
        },
        rooms: {},
        sites: {},
        breakers: {},
      },
      windows: [],
      reports: [],
    })
  })

  test('its secrets are known, for the log to strike out', () => {
    const secrets = ['app-secret', 'push-token', '1:token', 'pass', 'whsec_…', '…', '…', '…', '…']
    expect(secretsOf(read(CONTRACT)).sort()).toEqual(secrets.sort())
    const proxied = MINIMAL.replace('"1:a"', '"1:a", proxy: "http://me:hidden@proxy"')
    expect(secretsOf(read(proxied))).toContain('hidden')
    const shared = `${MINIMAL}store: "rediss://me:p%40ss-word@redis:6379/1"\n`
    expect(secretsOf(read(shared))).toEqual(expect.arrayContaining(['p%40ss-word', 'p@ss-word']))
    expect(secretsOf(read(MINIMAL))).toEqual(['secret', 'abcdefgh', '1:a'])
  })
})

const ABNORMAL = {
  ...{ enabled: true, unusual: 'info', standby: 'info', stopped: 'warning', trend: 'info' },
  ...{ voltage: 'warning', 'near-rating': 'info' },
  ...{ nothing: 30, spreads: 3, share: 40, sustained: 7_200_000, stoppedFor: 600_000, rise: 20 },
  ...{ voltageWithin: 10, nearRatingFrom: 90, outFor: 600_000 },
}

describe('left out', () => {
  test('everything that has a default', () => {
    expect(read(MINIMAL)).toEqual({
      locale: 'zh-CN',
      timezone: 'Asia/Shanghai',
      groupCloseEvery: 5000,
      sites: [],
      storm: { more: 3, within: 10_000 },
      tariffs: {},
      severity: USUAL_SEVERITY,
      quiet: [],
      reports: [],
      maintenance: [],
      offline: USUAL_OFFLINE,
      energy: {
        keep: { raw: 7 * 86_400_000, minutes: 90 * 86_400_000, hours: 730 * 86_400_000 },
        pictures: true,
        tripPictures: true,
      },
      abnormal: ABNORMAL,
      server: { host: '0.0.0.0', port: 8080, trustProxy: [] },
      console: { enabled: true, session: 8 * 3_600_000 },
      api: { tokens: [] },
      store: 'sqlite:./data/breakerbot.db',
      thingboot: {
        appId: 'app',
        appSecret: 'secret',
        baseUrl: 'https://api.thingboot.com',
        pushToken: 'abcdefgh',
        reconcileEvery: 60_000,
        callsPerSecond: 5,
        silentAfter: 3,
      },
      channels: {
        telegram: { token: '1:a', apiRoot: 'https://api.telegram.org', mode: 'polling', proxy: null },
      },
      rooms: [{ name: 'r', telegram: '-1' }],
      people: [],
      breakers: [],
      actuation: true,
      closing: CLOSING,
    })
  })

  test('when it is an alarm that something is away: what is not said is as usual, and 0s is at once', () => {
    const { offline } = toPolicy(
      read(`${MINIMAL}offline: { grace: 0s, siteGrace: 0s, siteSeverity: warning }\n`),
    )
    expect(offline).toEqual({ ...USUAL_OFFLINE, grace: 0, siteGrace: 0, siteSeverity: 'warning' })
    expect(() => read(`${MINIMAL}offline: { grace: 10s }\n`)).toThrow(
      'siteGrace must not be longer than grace',
    )
  })

  test('whether charts are pictures', () => {
    expect(toPolicy(read(MINIMAL)).pictures).toBe(true)
    expect(toPolicy(read(`${MINIMAL}energy: { pictures: false }\n`)).pictures).toBe(false)
    expect(() => read(`${MINIMAL}energy: { pictures: small }\n`)).toThrow('energy.pictures')
  })

  test('what of a draw is abnormal, for all and for one breaker', () => {
    const { draw } = toPolicy(
      read(`${MINIMAL}abnormal: { trend: false, standby: warning, share: 60, outFor: 5m }\n`),
    )
    const { trend: _, ...kinds } = USUAL_DRAW_RULES.kinds
    expect(draw).toEqual({
      ...USUAL_DRAW_RULES,
      kinds: { ...kinds, standby: 'warning' },
      share: 0.6,
      outFor: 300_000,
    })
    expect(toPolicy(read(`${MINIMAL}abnormal: { enabled: false }\n`)).draw?.kinds).toEqual({})
    const unwatched = (abnormal: string) => {
      const line = `breakers: [{ id: "1", name: 泵, site: s, room: r, abnormal: ${abnormal} }]`
      return toPolicy(read(`${MINIMAL}${line}\n`)).breakers[0]?.unwatched
    }
    expect(unwatched('false')).toEqual(DRAW_KINDS)
    expect(unwatched('{ stopped: false, near-rating: false }')).toEqual(['stopped', 'near-rating'])
    expect(() => unwatched('{ stopped: true }')).toThrow('abnormal must be false, or name what')
    expect(() => read(`${MINIMAL}abnormal: { trend: loud }\n`)).toThrow(
      'abnormal.trend must be info, warning, critical or false',
    )
    expect(() => read(`${MINIMAL}abnormal: { outFor: 1m }\n`)).toThrow('3m to 2h')
  })

  test('a heartbeat', () => {
    const { heartbeat } = read(`${MINIMAL}heartbeat: { url: "https://hc-ping.com/abc" }\n`)
    expect(heartbeat).toEqual({ url: 'https://hc-ping.com/abc', every: 60_000, method: 'GET' })
    expect(() => read(`${MINIMAL}heartbeat: { url: "ftp://a" }\n`)).toThrow('heartbeat.url')
    expect(() => read(`${MINIMAL}heartbeat: { url: "https://a", every: 1s }\n`)).toThrow('10s to 1d')
  })

  test('how grave incidents are: what is not said is as usual', () => {
    const rules = 'severity: { causes: { overload: warning }, repeats: { count: 2 } }'
    const { severity } = toPolicy(read(`${MINIMAL}${rules}\n`))
    expect(severity).toEqual({
      causes: { ...USUAL_SEVERITY.causes, overload: 'warning' },
      repeats: { count: 2, within: 604_800_000 },
    })
    expect(() => read(`${MINIMAL}severity: { causes: { overload: bad } }\n`)).toThrow('severity')
    expect(() => read(`${MINIMAL}severity: { repeats: { count: 1 } }\n`)).toThrow('0 for never')
  })

  test('windows: each night, and once, by the clock of their room', () => {
    const night = '{ room: r, from: "22:00", to: "06:00", days: [Mon, Sat] }'
    const once = '{ room: r, from: 2026-12-01T08:00, to: 2026-12-01T10:30, reason: cable }'
    const text = `${MINIMAL}quiet: [${night}]\nmaintenance: [${once}]\n`
    const { windows } = toPolicy(read(text.replace('name: r,', 'name: r, timezone: Europe/Berlin,')))
    expect(windows).toEqual([
      {
        id: 'quiet/room/r/22:00/06:00/Mon/Sat',
        kind: 'quiet',
        scope: { room: 'r' },
        when: { from: 1320, to: 360, days: [0, 5] },
      },
      {
        id: 'maintenance/room/r/2026-12-01T08:00/2026-12-01T10:30',
        kind: 'maintenance',
        scope: { room: 'r' },
        when: { from: Date.parse('2026-12-01T07:00:00Z'), until: Date.parse('2026-12-01T09:30:00Z') },
        reason: 'cable',
      },
    ])
  })

  test.each([
    ['quiet', '{ from: "22:00", to: "06:00" }', 'needs one of room, site and breaker'],
    ['quiet', '{ room: r, site: s, from: "22:00", to: "06:00" }', 'needs one of'],
    ['quiet', '{ room: r, from: "24:00", to: "06:00" }', 'must be a time of day'],
    ['quiet', '{ room: other, from: "22:00", to: "06:00" }', 'there is no room «other»'],
    ['maintenance', '{ room: r, from: "22:00", to: 2026-12-01T08:00 }', 'must be written like from'],
    ['maintenance', '{ room: r, from: 2026-12-01T08:00, to: 2026-12-01T08:00 }', 'must be later than from'],
    ['maintenance', '{ room: r, from: 2026-02-30T08:00, to: 2026-12-01T08:00 }', 'must be a time of day'],
    ['maintenance', '{ breaker: "9", from: "22:00", to: "06:00" }', 'there is no breaker «9»'],
  ])('a %s window %s says what is wrong', (list, window, problem) => {
    expect(faultsOf(`${MINIMAL}${list}: [${window}]\n`).join()).toContain(problem)
  })

  test('the addresses of the other channels', () => {
    const { dingtalk, wecom } = read(
      MINIMAL.replace(
        'telegram: { token: "1:a" }',
        'dingtalk: { clientId: a, clientSecret: b }, wecom: { botId: a, secret: b }',
      ).replace('telegram: -1', 'dingtalk: x'),
    ).channels
    expect(dingtalk).toMatchObject({
      apiBase: 'https://api.dingtalk.com',
      oapiBase: 'https://oapi.dingtalk.com',
      fallback: 'action-card',
      monthlyCalls: 5000,
      monthlyPushes: 3000,
    })
    expect(wecom).toMatchObject({ wsUrl: 'wss://openws.work.weixin.qq.com' })
  })

  test('mqtt may take the place of pushes', () => {
    const config = MINIMAL.replace(
      'pushToken: abcdefgh',
      'mqtt: { url: "mqtt://mapi.thingboot.com:1883", clientId: c }',
    )
    expect(read(config).thingboot).toMatchObject({
      mqtt: { url: 'mqtt://mapi.thingboot.com:1883', clientId: 'c' },
    })
  })
})

describe('values', () => {
  test.each([
    ['0s', 0],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
  ])('a duration of %s', (text, ms) => {
    expect(
      read(MINIMAL.replace('{ appId', `{ reconcileEvery: ${text}, appId`)).thingboot.reconcileEvery,
    ).toBe(ms)
  })

  test('ids keep their leading zeros and all their digits', () => {
    const people =
      'people: [{ name: a, role: admin, telegram: 123, dingtalk: 0123456, wecom: 12345678901234567890 }]'
    expect(read(`${MINIMAL}${people}`).people).toMatchObject([
      { telegram: '123', dingtalk: '0123456', wecom: '12345678901234567890' },
    ])
  })

  test('a value from the environment is never filled in twice, nor inside keys', () => {
    const config = MINIMAL.replace('secret,', `"${fromEnv('A')}-${fromEnv('B')}",`)
    expect(read(config, { A: fromEnv('B'), B: 'x' }).thingboot.appSecret).toBe(`${fromEnv('B')}-x`)
  })

  test('circuits of ones own, those of the model, or one', () => {
    const circuits = (fields: string) =>
      toPolicy(read(`${MINIMAL}breakers: [{ id: 1, name: a, site: s, room: r, ${fields} }]`)).breakers[0]
        ?.circuits
    expect(circuits('circuits: { power1: 左泵, power2: 右泵 }')).toEqual({ power1: '左泵', power2: '右泵' })
    expect(circuits('model: GENERIC-2')).toEqual({ power1: '1', power2: '2' })
    expect(circuits('')).toEqual({ power: '' })
  })

  test('a room has its own language, or that of the whole', () => {
    const rooms = 'rooms: [{ name: a, locale: en, telegram: -1 }, { name: b, telegram: -2 }]'
    const config = read(MINIMAL.replace('rooms: [{ name: r, telegram: -1 }]', rooms))
    expect(toPolicy(config).rooms.map((one) => one.locale)).toEqual(['en', 'zh-CN'])
  })

  test('the minimal one has no faults', () => expect(faultsOf(MINIMAL)).toEqual([]))
})
