import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { keysOfConfig } from '../../scripts/reference/keys.ts'
import { parseConfig } from '../../src/config/load.ts'
import { blocksOf, codeOf, PAGES } from './pages.ts'

type Fields = Record<string, unknown>

/** A whole configuration into which pieces of one are put: it has all that they speak of. */
const BASE: Fields = {
  thingboot: { appId: 'app', appSecret: 'secret', pushToken: 'push-token' },
  channels: {
    telegram: { token: '1:a' },
    dingtalk: { clientId: 'ding', clientSecret: 'secret' },
    wecom: { botId: 'bot', secret: 'secret' },
  },
  rooms: [{ name: 'night-shift', telegram: '-1', dingtalk: 'cid', wecom: 'wr' }],
  people: [
    { name: '电工甲', role: 'operator', telegram: '1', dingtalk: 'jia', phone: '13800000001' },
    {
      name: '场长',
      role: 'admin',
      telegram: '2',
      dingtalk: 'chang',
      phone: '13800000002',
      mail: 'a@example.com',
    },
  ],
  breakers: [
    {
      id: '820720',
      name: '3号增氧机',
      site: '一号鱼塘',
      room: 'night-shift',
      groups: ['增氧'],
      ratedCurrent: 60,
    },
  ],
  tariffs: { home: { flat: 0.5 }, industry: { flat: 0.7 } },
  notify: {
    mail: { smtp: 'smtps://user:pass@mail.example.com', from: 'a@example.com' },
    webhooks: {
      ops: { url: 'https://ops.example.com/hook', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    },
    voice: { aliyun: { accessKeyId: 'id', accessKeySecret: 'secret', ttsCode: 'TTS_1' } },
  },
}

/** Blocks of a page that are put together with what the base has of them; all else takes its place. */
const TOGETHER = ['thingboot', 'channels', 'notify', 'tariffs']
/** What stands in YAML on some page and belongs to other programs, by a key that no configuration of ours has. */
const OTHERS = ['services', 'groups', 'scrape_configs', 'receivers']

const TOP = new Set(keysOfConfig().map(({ path }) => path.split(/[.[]/)[0]!))
const OF_BREAKER = new Set(keysOfConfig().flatMap(({ path }) => /^breakers\[\]\.(\w+)/.exec(path)?.[1] ?? []))

function whole(piece: Fields): Fields {
  const keys = Object.keys(piece)
  if (keys.every((key) => !TOP.has(key) && OF_BREAKER.has(key))) {
    const [breaker] = BASE.breakers as Fields[]
    return { ...BASE, breakers: [{ ...breaker, ...piece }] }
  }
  const together = TOGETHER.filter((key) => key in piece).map((key) => [
    key,
    { ...(BASE[key] as Fields), ...(piece[key] as Fields) },
  ])
  return { ...BASE, ...piece, ...Object.fromEntries(together) }
}

/** Each variable, as if it were set to what fits wherever it stands. */
const FITTING: Record<string, string> = {
  TELEGRAM_TOKEN: '123456:ABC-DEF',
  OPS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}
const ENV = new Proxy(FITTING, {
  get: (known, name) => known[String(name)] ?? `${String(name)}-of-more-than-32-characters`,
  has: () => true,
})

const BLOCKS = PAGES.flatMap(blocksOf)
  .filter(({ language }) => language === 'yaml')
  .map((block) => ({ ...block, where: `${block.page}:${block.line}` }))

test.each(BLOCKS)('the settings at $where are valid', ({ text }) => {
  const piece = parse(text) as Fields
  if (OTHERS.some((key) => key in piece)) return
  const loaded = parseConfig(stringify(whole(piece)), ENV)
  expect(loaded.ok ? [] : loaded.faults).toEqual([])
})

test('a wrong setting is found, in a piece of a configuration and in one of a breaker', () => {
  const isValid = (text: string) => parseConfig(stringify(whole(parse(text))), ENV).ok
  expect(isValid('storm: { more: 3 }')).toBe(true)
  expect(isValid('storm: { moer: 3 }')).toBe(false)
  expect(isValid('units: { power: kW }')).toBe(true)
  expect(isValid('units: { power: kX }')).toBe(false)
})

describe('a key that a page names in its lines', () => {
  const PATHS = keysOfConfig().map(({ path }) => path.replaceAll('[]', ''))
  /** Names of other things that look like keys: entries of the audit, files, fields of others. */
  const NO_KEYS = /^escalation\.called$|\.(ts|md|json|yaml|env|db|js)$/

  test.each(PAGES.filter((page) => page !== 'CHANGELOG.md'))('of %s is one', (page) => {
    const named = codeOf(page)
      .map((code) => code.replaceAll('[]', '').replace(/: .*$/, ''))
      .filter(
        (code) => /^\w+(\.[\w<>-]+)+$/.test(code) && TOP.has(code.split('.')[0]!) && !NO_KEYS.test(code),
      )
    const unknown = named.filter(
      (code) => !PATHS.some((path) => path === code || path.startsWith(`${code}.`)),
    )
    expect(unknown).toEqual([])
  })
})
