import { hash } from 'node:crypto'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { onTestFinished } from 'vitest'
import type { Person } from '../../../src/domain/people.ts'
import type { Policy } from '../../../src/domain/policy.ts'
import { createServer } from '../../../src/http/server.ts'
import { createLog } from '../../../src/log.ts'
import { breaker, PUMP, type Rig, type RigOptions, startRig, testPolicy } from '../../engine/rig.ts'
import { until } from '../../support/until.ts'

export const PUBLIC = 'https://bots.example'
export const HOUSE = '820721'
export { PUMP }

const ids = (id: string) => ({ telegram: id, dingtalk: id, wecom: id })
const program = (
  name: string,
  role: Person['role'],
  more: Partial<Person> = {},
  mayClose = false,
): Person => ({
  name,
  ...(role && { role }),
  ids: {},
  program: { mayClose, tokenHash: hash('sha256', tokenOf(name)) },
  ...more,
})
export const tokenOf = (name: string): string => `${name}-${'x'.repeat(40)}`

export const PEOPLE: Person[] = [
  { name: '场长', role: 'admin', ids: ids('9') },
  { name: '甲', role: 'operator', ids: ids('1') },
  { name: '乙', role: 'operator', ids: ids('2') },
  { name: '看客', role: 'viewer', ids: ids('3') },
  { name: '棚主', roles: [{ role: 'operator', sites: ['二号大棚'], groups: [] }], ids: ids('4') },
]

export const PROGRAMS: Person[] = [
  program('meter', 'viewer'),
  program('pumps', 'operator'),
  program('closer', 'operator', {}, true),
  program('house', undefined, { roles: [{ role: 'operator', sites: ['二号大棚'], groups: [] }] }),
]

/** Two breakers in two rooms and sites. */
export function apiPolicy(more: Partial<Policy> = {}): Policy {
  const base = testPolicy()
  const [night] = base.rooms
  return {
    ...base,
    people: PEOPLE,
    programs: PROGRAMS,
    rooms: [night!, { name: 'house', locale: 'zh-CN', chats: [{ channel: 'telegram', chat: '-200' }] }],
    breakers: [
      { ...breaker(PUMP, '3号增氧机'), groups: ['增氧'] },
      { ...breaker(HOUSE, '风机', 'house'), site: '二号大棚' },
    ],
    ...more,
  }
}

export interface ApiRig extends Rig {
  app: ReturnType<typeof createServer>
  /** What was logged. */
  lines: string[]
  /** The cookie of a new session of whoever has this id. */
  signIn(who: string): Promise<string>
  /** A new link for whoever has this id: its code. */
  link(who: string): Promise<string>
  /** Calls the API by a cookie or by a token. */
  call(
    by: By,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    more?: Partial<InjectOptions>,
  ): Promise<Answer>
}

export type By = { cookie: string } | { token: string } | undefined
export type Answer = LightMyRequestResponse

export async function apiRig(options: RigOptions & { publicUrl?: string | undefined } = {}): Promise<ApiRig> {
  const publicUrl = 'publicUrl' in options ? options.publicUrl : PUBLIC
  const rig = await startRig({
    policy: apiPolicy(),
    console: publicUrl === undefined ? {} : { publicUrl },
    ...options,
  })
  const lines: string[] = []
  const app = createServer({
    log: createLog({ write: (line) => lines.push(line) }),
    metrics: rig.metrics,
    pushes: rig.engine.pushes,
    pushToken: 'push-token-of-the-tests',
    webhooks: [],
    readiness: async () => ({ ready: true, store: { ok: true }, channels: {}, jobs: {}, unreadable: 0 }),
    api: { console: rig.engine.console, publicUrl },
  })
  onTestFinished(() => app.close())

  async function link(who: string): Promise<string> {
    const before = rig.telegram.shown.length
    await rig.say(rig.telegram, who, '控制台').taken
    const text = await until(() => {
      const found = rig.telegram.shown.slice(before).find(({ chat }) => chat === who)?.content
      return found && 'text' in found ? found.text : undefined
    }, `a link for ${who}`)
    return /code=([\w-]+)/.exec(text)![1]!
  }

  return {
    ...rig,
    app,
    lines,
    link,
    async signIn(who) {
      const answer = await app.inject({
        method: 'POST',
        url: '/console/sign-in',
        headers: { origin: publicUrl ?? PUBLIC, 'content-type': 'application/x-www-form-urlencoded' },
        body: `code=${await link(who)}`,
      })
      const [cookie] = answer.cookies
      if (answer.statusCode !== 303 || !cookie)
        throw new Error(`no sign-in: ${answer.statusCode} ${answer.body}`)
      return `${cookie.name}=${cookie.value}`
    },
    call: (by, method, path, more = {}) =>
      app.inject({
        method,
        url: `/api/v1${path}`,
        ...more,
        headers: {
          ...(by && 'cookie' in by && { cookie: by.cookie, origin: PUBLIC, 'x-breakerbot': '1' }),
          ...(by && 'token' in by && { authorization: `Bearer ${by.token}` }),
          ...more.headers,
        },
      }),
  }
}

/** A breaker that stands closed, and has a load. */
export const closed = (rig: Rig, device = PUMP) =>
  rig.push({
    type: 'state',
    device,
    ts: rig.now(),
    data: { power: '1', voltage: 221, current: 12.5, active_power: 2700 },
  })
