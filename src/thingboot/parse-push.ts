import { hash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Report, ReportKind } from '../domain/report.ts'
import { type Envelope, envelopesIn } from './envelope.ts'
import { faultIn } from './fault.ts'
import { foldWord, moverOf, type ProductProfile } from './profile.ts'
import { queryAnswerIn, valuesWith } from './query-answer.ts'
import { decoded, type Fields, fieldsOf, isFields, numberOf, positionsIn, textOf } from './values.ts'

export interface PushContext {
  /** ms since 1970. */
  receivedAt: number
  profileFor: (device: string) => ProductProfile
  /** The MQTT topic it came on: tells the kind where the body does not. */
  topic?: string
}

/** `unread` says why parts of a body with several messages were not understood; empty when all were. */
export type ParsedPush = { ok: true; reports: Report[]; unread: string[] } | { ok: false; why: string }

/**
 * Understands a push: a parsed JSON body, the fields of a form, or text. The cloud's own body is not public, so many
 * shapes are understood (inferred from what devices send). Pure, and never throws: what is not understood is said so.
 */
export function parsePush(body: unknown, context: PushContext): ParsedPush {
  try {
    return parse(body, context)
  } catch (error) {
    return { ok: false, why: `the body cannot be read (${error instanceof Error ? error.name : 'error'})` }
  }
}

function parse(body: unknown, context: PushContext): ParsedPush {
  const value = decoded(body)
  const items = Array.isArray(value) ? value : [value]
  const reports: Report[] = []
  const unread: string[] = []
  for (const item of items) {
    const envelopes = envelopesIn(item)
    if (envelopes.length === 0) unread.push(whyNoDevice(item))
    for (const envelope of envelopes) {
      const report = reportFrom(envelope, context)
      if (report) reports.push(report)
      else unread.push(`nothing that is understood about device ${envelope.device}`)
    }
  }
  if (reports.length > 0) return { ok: true, reports, unread }
  return { ok: false, why: unread[0] ?? 'an empty list' }
}

function whyNoDevice(item: unknown): string {
  return isFields(decoded(item)) ? 'no device id in it' : 'neither JSON nor a form with JSON in its fields'
}

function reportFrom({ device, fields }: Envelope, context: PushContext): Report | undefined {
  const profile = context.profileFor(device)
  const data = fieldsOf(fields.data)
  // From the most to the least particular: what stands there wins.
  const places = [fieldsOf(data?.state), fieldsOf(data?.data), fieldsOf(fields.state), data, fields].filter(
    isFields,
  )
  const name = textOf(data?.name, 100) || textOf(fields.name, 100) || undefined
  const positions = positionsIn(places, profile)
  const extra = extraIn(places)
  const told = kindTold(fields, name) ?? kindIn(context.topic?.split('/').at(-1))
  const answer = queryAnswerIn(places, profile, told, extra)
  const values = valuesWith(answer, places, profile)
  const { fault, byHand } = faultIn(places, profile, name, told)
  const hasValues = Object.keys(positions).length > 0 || Object.keys(values.readings).length > 0
  // An answer says how the breaker stands, and nothing of who moved it.
  const isEvent = name !== undefined || fault !== undefined
  const kind = answer ? 'state' : (told ?? inferKind({ isOrder: extra !== undefined, isEvent, hasValues }))
  if (!kind) return undefined
  const mover = name === undefined ? undefined : moverOf(profile, name)
  const at = timeIn(fields, data, context.receivedAt)
  return {
    id: idOf(kind, device, fields, at !== undefined || hasMid(fields, data) ? undefined : context.receivedAt),
    device,
    kind,
    ...(name !== undefined && { name }),
    at: at ?? context.receivedAt,
    positions,
    ...values,
    ...(fault && { fault }),
    ...(mover ? { mover } : byHand && { mover: 'hand' as const }),
    ...(extra !== undefined && { extra }),
  }
}

/** An event named online or offline is one: that is how devices report it (seen in the SDK). */
function kindTold(fields: Fields, name: string | undefined): ReportKind | undefined {
  const told = kindIn(fields.type) ?? kindIn(fields.topic) ?? kindIn(fields.message)
  const named = foldWord(name ?? '')
  if ((named === 'online' || named === 'offline') && told !== 'order') return named
  return told ?? (named === 'boot' ? 'event' : undefined)
}

const KINDS: readonly ReportKind[] = ['order', 'event', 'state', 'online', 'offline']

/** The last kind that a type or topic names: `event`, `device/state`, `device_offline`; a sentence names none. */
function kindIn(value: unknown): ReportKind | undefined {
  const words = typeof value === 'string' && !/\s/.test(value) ? value.toLowerCase().split(/[^a-z]+/) : []
  const named = words.findLast((word) => KINDS.some((kind) => kind === word))
  return KINDS.find((kind) => kind === named)
}

/** Where nothing tells the kind: `extra` comes with orders only (documented), a name or a fault with events. */
function inferKind(seen: { isOrder: boolean; isEvent: boolean; hasValues: boolean }): ReportKind | undefined {
  if (seen.isOrder) return 'order'
  if (seen.isEvent) return 'event'
  return seen.hasValues ? 'state' : undefined
}

/** Our own references have at most 32 characters (documented); longer ones are nobody's. */
function extraIn(places: readonly Fields[]): string | undefined {
  return places.map((place) => textOf(place.extra, 64)).find((extra) => extra !== undefined && extra !== '')
}

/** Before the first product that could push; a clock that says so is not set. */
const EARLIEST = Date.UTC(2020, 0, 1)
const DAY = 86_400_000

/** The push's own time, ms: `ts` in s (10 digits) or ms (13). Undefined where it has none, or one that cannot be. */
function timeIn(fields: Fields, data: Fields | undefined, receivedAt: number): number | undefined {
  const ts = Math.floor(numberOf(fields.ts) ?? numberOf(data?.ts) ?? 0)
  const at = String(ts).length === 10 ? ts * 1000 : ts
  return at >= EARLIEST && at <= receivedAt + DAY ? at : undefined
}

function hasMid(fields: Fields, data: Fields | undefined): boolean {
  return Boolean(textOf(fields.mid, 100) || textOf(data?.mid, 100))
}

/** A digest of all that the message says. Without a time or `mid` of its own, its receipt tells two repeats apart. */
function idOf(kind: ReportKind, device: string, fields: Fields, receivedAt: number | undefined): string {
  return hash('sha256', canonicalJson([kind, device, fields, receivedAt])).slice(0, 24)
}
