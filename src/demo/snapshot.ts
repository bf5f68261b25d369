import type { CallRecord, DeviceView, PushRecord } from '../simulator/thingboot/api.ts'
import type { AuditEntry } from '../store/store.ts'
import { BREAKERS, type DemoBreaker, PLAYERS, type Player, ROOM } from './cast.ts'
import { chatsAsSeenBy } from './chat-views.ts'
import { named } from './names.ts'
import type { Stage } from './stage.ts'
import type { Way } from './trace.ts'

export type Snapshot = ReturnType<typeof snapshot>

/** How many calls and pushes are shown, how many ways, and lines of the audit. */
const SHOWN = 12
const [WAYS, LINES] = [5, 60]

/** Everything that the page shows, as that person sees it. */
export function snapshot(stage: Stage, viewer: Player) {
  const { sims, trace, troubles, locale } = stage
  const { calls, pushes } = sims.thingboot
  const asked = calls.filter(({ path }) => path !== 'device/list')
  const told = pushes.filter(({ type }) => type !== 'state')
  const players = PLAYERS.map(({ key, name, role, telegram, dingtalk, wecom }) => ({
    ...{ key, name, role },
    ids: [String(telegram), dingtalk, wecom],
  }))
  const breakers = BREAKERS.map((breaker) => ({
    ...breakerView(breaker, sims.thingboot.device(breaker.id), stage.dark.has(breaker.site)),
    retrips: stage.retripping.has(breaker.id),
    locked: isLocked(trace.audit(), breaker),
  }))
  const chats = chatsAsSeenBy(sims, viewer)
  return {
    ...named({ room: ROOM.name, players, breakers, chats }, locale),
    locale,
    troubles: troubles.present(),
    calls: asked.slice(-SHOWN).toReversed().map(callView),
    pushes: told.slice(-SHOWN).toReversed().map(pushView),
    ways: trace
      .ways()
      .slice(-WAYS)
      .toReversed()
      .map((way) => wayView(way, calls)),
    audit: trace.audit().slice(-LINES),
    /** How many of each were left out, which come by the clock and would crowd out all the rest. */
    polls: calls.length - asked.length,
    readings: pushes.length - told.length,
  }
}

function breakerView({ id, name, site, circuits }: DemoBreaker, device: DeviceView, dark: boolean) {
  const { online, jammed, ratedCurrent, positions, load, lastTrip } = device
  return {
    ...{ id, name, site, online, jammed, ratedCurrent, dark },
    circuits: circuits.map(({ key, name }) => ({
      ...{ key, name, position: positions[key] ?? 'open' },
      /** A. */
      current: positions[key] === 'closed' && !dark ? (load[key] ?? 0) : 0,
      ...(lastTrip?.circuit === key && positions[key] === 'open' && { cause: lastTrip.cause }),
    })),
  }
}

/** As the last that is said of it in the audit. */
function isLocked(audit: readonly AuditEntry[], { id }: DemoBreaker): boolean {
  const last = audit.findLast(({ subject, what }) => subject === id && what.startsWith('lock-out.'))
  return last?.what === 'lock-out.set'
}

function callView(call: CallRecord) {
  const { at, path, devices, extra = '', signature, outcome, code, msg, acted } = call
  const pairs = Object.entries(call.order ?? {}).filter(([key]) => key !== 'extra')
  const order = pairs.map(([key, value]) => `${key}=${value}`).join(' ')
  return { id: call.seq, at, path, devices, order, extra, signature, outcome, code, msg, acted }
}

function pushView({ seq, at, type, device, outcome, status, body }: PushRecord) {
  return { id: seq, at, type, device, outcome, status: status ?? 0, body }
}

/** With the signed calls as they were sent, in the place of their references. */
function wayView({ id, at, what, steps }: Way, calls: readonly CallRecord[]) {
  return {
    ...{ id, at, what },
    steps: steps.map(({ ref, ...step }) => {
      const call = ref === undefined ? undefined : calls.findLast((one) => one.extra === ref)
      return { ...step, ...(call && { call: sentAs(call) }) }
    }),
  }
}

function sentAs({ appId, path, sign = '', ts, params, code, msg }: CallRecord) {
  return {
    request: `POST /${appId}/${path}/?sign=${sign}&ts=${ts}`,
    body: JSON.stringify(params),
    answer: `${code} ${msg}`.trim(),
  }
}
