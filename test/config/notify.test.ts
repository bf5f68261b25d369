import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const MAIL = { smtp: 'smtps://user:pass@mail.example.com', from: 'BreakerBot <breakers@example.com>' }
const VOICE = { aliyun: { accessKeyId: 'id', accessKeySecret: 'secret', ttsCode: 'TTS_1' } }

const parse = (more: object) =>
  parseConfig(
    JSON.stringify({
      thingboot: { appId: 'a', appSecret: 'app-secret', pushToken: 'a-long-random-token' },
      channels: { telegram: { token: '1:token' } },
      rooms: [{ name: 'night-shift', telegram: '-100' }],
      ...more,
    }),
    {},
  )
const faults = (more: object) => {
  const loaded = parse(more)
  return loaded.ok ? [] : loaded.faults.map(({ path, problem }) => `${path}: ${problem}`)
}
const person = (more: object) => ({ people: [{ name: '电工甲', role: 'admin', ...more }] })
const steps = (...list: object[]) => ({ escalation: { default: { steps: list } } })

describe('faults of notify', () => {
  const hook = (secret: string) => ({ notify: { webhooks: { ops: { url: 'https://ops.example', secret } } } })

  test('a secret of another kind', () => {
    expect(faults(hook('plain-secret'))).toEqual([
      expect.stringMatching(/^notify.webhooks.ops.secret: must be whsec_.*openssl/),
    ])
  })

  test.each([
    ['no base64', 'whsec_§§§§§§§§§§§§§§§§§§§§§§§§§§§§§§§§'],
    ['too short', 'whsec_c2hvcnQ='],
    ['a base64 that is cut off', `${SECRET}A`],
  ])('a secret that cannot sign is warned of: %s', (_, secret) => {
    const loaded = parse(hook(secret))
    expect(loaded.ok && loaded.warnings.map(({ path }) => path)).toContain('notify.webhooks.ops.secret')
    const good = parse(hook(SECRET))
    expect(good.ok && good.warnings.map(({ path }) => path)).not.toContain('notify.webhooks.ops.secret')
  })

  test('a step whose web-hook is not there', () => {
    const notify = { webhooks: { ops: { url: 'https://ops.example', secret: SECRET } } }
    expect(faults({ ...steps({ after: '1m', webhook: 'ops' }), notify })).toEqual([])
    expect(faults({ ...steps({ after: '1m', webhook: 'opps' }), notify })).toEqual([
      'escalation.default.steps[0].webhook: there is no web-hook «opps» under notify.webhooks; there are: ops',
    ])
  })

  test('a step with a mail, without a server, or to no address', () => {
    const step = steps({ after: '0s', cards: true }, { after: '1m', mail: ['manager@example.com'] })
    expect(faults({ ...step, notify: { mail: MAIL } })).toEqual([])
    expect(faults(step)).toEqual([
      expect.stringContaining('escalation.default.steps[1].mail: mails somebody'),
    ])
    expect(faults({ ...steps({ after: '1m', mail: ['manager'] }), notify: { mail: MAIL } })).toEqual([
      'escalation.default.steps[0].mail: «manager» is no mail address, and not under people',
    ])
  })

  test.each(['breakers', 'a@b.example, c@d.example', 'x\r\nBcc: evil@example.com'])(
    'the sender «%s»',
    (from) => {
      expect(faults({ notify: { mail: { ...MAIL, from } } })).toEqual([
        expect.stringContaining('notify.mail.from: must'),
      ])
    },
  )

  test('a phone number and an address that are none', () => {
    expect(faults(person({ phone: '139 0000 0000', mail: 'a@example.com' }))).toEqual([])
    expect(faults(person({ phone: 13900000000 }))).toEqual([])
    expect(faults(person({ phone: '0571-88886666' }))).toEqual([])
    expect(faults(person({ phone: 'ask the boss', mail: 'boss' }))).toEqual([
      'people[0].phone: «ask the boss» is no phone number, such as 13900000000',
      'people[0].mail: «boss» is no mail address',
    ])
  })

  test('a way that is not configured, or that the person has no number for', () => {
    const all = person({ ways: ['voice', 'ding-phone', 'mail'] })
    expect(faults(all)).toEqual([
      'people[0].ways[0]: voice needs notify.voice, which is not configured',
      'people[0].ways[1]: ding-phone needs channels.dingtalk, which is not configured',
      'people[0].ways[2]: mail needs notify.mail, which is not configured',
    ])
    expect(faults({ ...all, notify: { voice: VOICE, mail: MAIL } })).toEqual([
      'people[0].ways[0]: voice needs the phone of this person',
      expect.stringContaining('ding-phone'),
      'people[0].ways[2]: mail needs the mail of this person',
    ])
    expect(faults(person({ ways: ['webhook'] }))).toEqual([
      expect.stringContaining('people[0].ways[0]: must be'),
    ])
  })

  test('variables of the template', () => {
    const aliyun = { ...VOICE.aliyun, params: { 'a b': 'site' } }
    expect(faults({ notify: { voice: { aliyun } } })).toEqual([
      expect.stringContaining('letters, digits and _'),
    ])
  })
})

test('defaults of voice', () => {
  const loaded = parse({ notify: { voice: VOICE } })
  expect(loaded.ok && loaded.config.notify?.voice?.aliyun).toEqual({
    ...VOICE.aliyun,
    endpoint: 'dyvmsapi.aliyuncs.com',
    params: { site: 'where', breaker: 'breaker', cause: 'causeName' },
    paramLength: 60,
  })
})

test('a web-hook in the open is warned of, one on this machine is not', () => {
  const hook = (url: string) => ({ url, secret: SECRET })
  const loaded = parse({
    ...person({}),
    notify: {
      webhooks: {
        far: hook('http://ops.example'),
        near: hook('http://127.0.0.1:1'),
        safe: hook('https://o'),
      },
    },
  })
  expect(loaded.ok && loaded.warnings.map(({ path }) => path)).toEqual(['notify.webhooks.far.url'])
})

test('a room whose policy calls those on duty, and that has no rota, is warned of', () => {
  const warned = (more: object) => {
    const loaded = parse({
      ...person({}),
      rooms: [
        { name: 'night-shift', telegram: '-100' },
        { name: 'day', telegram: '-200', escalation: 'calm' },
      ],
      escalation: {
        default: { steps: [{ after: '1m', call: 'duty' }] },
        calm: { steps: [{ after: '1m', mention: 'all' }] },
      },
      ...more,
    })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
    return loaded.warnings.filter(({ problem }) => problem.includes('no rota')).map(({ path }) => path)
  }
  const rota = (room: string) => ({ duty: [{ room, rota: ['电工甲'], handover: 'Mon 08:00' }] })
  expect(warned({})).toEqual(['rooms[0]'])
  expect(warned(rota('day'))).toEqual(['rooms[0]'])
  expect(warned(rota('night-shift'))).toEqual([])
})
