import { z } from 'zod'
import { abnormal, unwatched } from './abnormal.ts'
import { api, consolePart, server } from './api.ts'
import { dingtalk, telegram, wecom } from './channels.ts'
import { autoReclose, closing } from './closing.ts'
import { energy } from './energy.ts'
import { escalation, site } from './escalation.ts'
import { heartbeat } from './heartbeat.ts'
import { notify, personalWay } from './notify-schema.ts'
import { offline } from './offline.ts'
import { report } from './reports-schema.ts'
import { severity, severityRules } from './severity.ts'
import { storm } from './storm.ts'
import { tariffs } from './tariff.ts'
import { tracing } from './tracing.ts'
import { units } from './units.ts'
import { duration, durationBetween, filled, handover, id, isTimezone, role, shown, url } from './values.ts'
import { maintenance, quiet } from './windows.ts'

const thingboot = z.strictObject({
  appId: filled,
  appSecret: filled,
  baseUrl: url('https', 'http').default('https://api.thingboot.com'),
  pushToken: z
    .string()
    .regex(
      /^[A-Za-z0-9_-]{8,128}$/,
      'must be 8 to 128 letters, digits, - or _: it is part of an address; take a long random one',
    )
    .optional(),
  reconcileEvery: duration.default(60_000),
  callsPerSecond: z
    .int({ error: 'must be a whole number of calls' })
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .default(5),
  silentAfter: shown(
    z
      .int({ error: 'must be a whole number of reports' })
      .refine((count) => count === 0 || (count >= 2 && count <= 100), 'must be 2 to 100, or 0 for never'),
    { form: '0, 2–100' },
  ).default(3),
  mqtt: z.strictObject({ url: url('mqtt', 'mqtts', 'ws', 'wss'), clientId: filled }).optional(),
})

const locale = z.enum(['zh-CN', 'en'])

const timezone = shown(
  filled.refine((zone) => isTimezone(zone), { error: 'must be a time zone such as Asia/Shanghai' }),
  { form: 'time zone' },
)

const room = z.strictObject({
  name: filled,
  locale: locale.optional(),
  timezone: timezone.optional(),
  telegram: id.optional(),
  dingtalk: id.optional(),
  wecom: id.optional(),
  /** The key of a group robot in the same WeCom group. */
  wecomGroupRobot: filled.optional(),
  escalation: filled.optional(),
})

const person = z.strictObject({
  name: filled,
  /** Everywhere. May be left out where there are roles by site or group. */
  role: role.optional(),
  roles: z
    .array(
      z
        .strictObject({ role, sites: z.array(filled).default([]), groups: z.array(filled).default([]) })
        .refine(({ sites, groups }) => sites.length + groups.length > 0, 'needs sites or groups'),
    )
    .min(1, 'needs at least one role')
    .optional(),
  telegram: id.optional(),
  dingtalk: id.optional(),
  wecom: id.optional(),
  phone: filled.optional(),
  mail: filled.optional(),
  /** How this person is called on beyond the chats, in this order. Left out: all that lead there. */
  ways: z.array(personalWay).optional(),
})

const above0 = (unit: string) =>
  shown(z.number({ error: `must be a number, in ${unit}` }).positive(`must be above 0, in ${unit}`), {
    form: 'number above 0',
  })

const breaker = z.strictObject({
  id: id.refine((text) => /^\w[\w-]{0,23}$/.test(text), {
    error: 'must be a Thingboot device id: up to 24 letters, digits, - or _, the first no -',
  }),
  name: filled,
  site: filled,
  room: filled,
  model: filled.optional(),
  ratedCurrent: above0('A').optional(),
  groups: z.array(filled).default([]),
  /** Left out: learned. 0s: it reports changes only. */
  reportEvery: duration.optional(),
  /** For a breaker of several circuits: their keys with a name each, e.g. { power1: 左泵, power2: 右泵 }. */
  circuits: z
    .record(z.string().regex(/^power\d*$/, 'circuit keys are power, power1, power2 …'), z.string())
    .refine((circuits) => Object.keys(circuits).length > 0, 'needs at least one circuit')
    .optional(),
  /** V; left out: 220. */
  nominalVoltage: above0('V').optional(),
  /** 3: voltage × current is not the apparent power. */
  phases: z.union([z.literal(1), z.literal(3)], { error: 'must be 1 or 3' }).optional(),
  units: units.optional(),
  /** Left out: its counter is not asked for. */
  queryEvery: durationBetween('1m', '1d', 'how often its counter is asked for').optional(),
  autoReclose: autoReclose.optional(),
  severity: severity.optional(),
  escalation: filled.optional(),
  abnormal: unwatched.optional(),
  tariff: filled.optional(),
})

export const configSchema = z.strictObject({
  locale: locale.default('zh-CN'),
  timezone: timezone.default('Asia/Shanghai'),
  server: server.prefault({}),
  console: consolePart.prefault({}),
  api: api.prefault({}),
  store: z
    .string()
    .regex(/^(sqlite:.+|rediss?:\/\/.+)$/, 'must be sqlite:FILE or redis://…')
    .refine((text) => text.startsWith('sqlite:') || URL.canParse(text), {
      error: 'is no address: write redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER]',
    })
    .meta({ form: 'sqlite:FILE, redis://…, rediss://…' })
    .default('sqlite:./data/breakerbot.db'),
  /** Where pushes go while the store is away: a file of this instance's own. */
  spool: z.strictObject({ path: filled, most: z.int().min(1).default(100_000) }).optional(),
  thingboot,
  channels: z.strictObject({
    telegram: telegram.optional(),
    dingtalk: dingtalk.optional(),
    wecom: wecom.optional(),
  }),
  rooms: z.array(room).min(1, 'needs at least one room: the chats of the people who look after the breakers'),
  people: z.array(person).default([]),
  breakers: z.array(breaker).default([]),
  actuation: z.boolean().default(true),
  closing: closing.prefault({}),
  groupCloseEvery: durationBetween('1s', '5m', 'the pause between two closes of a group').default(5000),
  storm: storm.prefault({}),
  energy: energy.prefault({}),
  severity: severityRules.prefault({}),
  quiet: z.array(quiet).default([]),
  maintenance: z.array(maintenance).default([]),
  offline: offline.prefault({}),
  abnormal: abnormal.prefault({}),
  heartbeat: heartbeat.optional(),
  tracing: tracing.optional(),
  escalation: escalation.optional(),
  sites: z.array(site).default([]),
  /** What a kWh costs, by name; and which of them holds where no site or breaker names another. */
  tariffs: tariffs.default({}),
  tariff: filled.optional(),
  duty: z.array(z.strictObject({ room: filled, rota: z.array(filled), handover })).optional(),
  notify: notify.optional(),
  reports: z.array(report).default([]),
  /** An alarm each week that shows whether alarms arrive; without rooms, in all that have a chat. */
  drill: z
    .strictObject({
      every: handover,
      rooms: z.array(filled).min(1, 'needs at least one room').exactOptional(),
    })
    .optional(),
})

/** The configuration, read and checked. Durations are ms. */
export type Config = z.output<typeof configSchema>
export type ChannelsConfig = Config['channels']
