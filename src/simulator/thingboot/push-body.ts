import { unixSeconds } from '../kit/clock.ts'
import type { Device, Value, Values } from './device.ts'
import type { Random } from './random.ts'
import type { SimSettings } from './settings.ts'
import type { PushType } from './types.ts'

/** What a device has to tell, before it is spelled. */
export interface Message {
  type: PushType
  /** Of an event. */
  name?: string
  values?: Values
  /** The caller's reference, in an order push. */
  extra?: string
  /** Simulator clock, ms; default now. */
  at?: number
}

export interface Encoded {
  contentType: string
  body: string
}

type Json = { [key: string]: unknown }

/** Values as the cloud writes them, in pushes and in `state` of device/list and device/info. */
function spell(value: Value, style: SimSettings['pushValues']): unknown {
  if (Array.isArray(value)) return value.map((one) => spell(one, style))
  if (typeof value === 'object') return spellAll(value, style)
  if (typeof value === 'boolean' && style !== 'booleans') return spell(value ? 1 : 0, style)
  return style === 'strings' ? String(value) : value
}

export function spellAll(values: Values, style: SimSettings['pushValues']): Json {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, spell(value, style)]))
}

function spellTime(at: number, style: SimSettings['pushTime']): string | number {
  const time = style.startsWith('ms') ? at : unixSeconds(at)
  return style.endsWith('text') ? String(time) : time
}

const numeric = (id: string) => (/^\d+$/.test(id) ? Number(id) : id)
const json = (value: unknown): Encoded => ({ contentType: 'application/json', body: JSON.stringify(value) })
const form = (fields: Json): Encoded => ({
  contentType: 'application/x-www-form-urlencoded',
  body: new URLSearchParams(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  ).toString(),
})

/**
 * The body of a push. The vendor's own is unknown: every shape here is invented, apart from what the device's
 * messages inside are like (`name` + `state`, `name` + `data`: seen in the device SDK).
 */
export function encodePush(
  device: Device,
  message: Message,
  env: { settings: SimSettings; random: Random; now: () => number },
): Encoded {
  const { settings, random } = env
  const { type, name, extra } = message
  const state = message.values && spellAll(message.values, settings.pushValues)
  const id = numeric(device.id)
  const ts = spellTime(message.at ?? env.now(), settings.pushTime)
  const mid = type === 'event' ? { mid: random.text(8) } : {}
  const named = name === undefined ? {} : { name }
  const referred = extra === undefined ? {} : { extra }
  const inState = type === 'event' || type === 'online'
  const data = state && (inState ? { ...named, state } : { ...state, ...referred })
  const plain = { type, device: id, ...mid, ts, ...(data && { data }) }

  switch (settings.pushShape) {
    case 'plain':
      return json(plain)
    case 'device-object':
      return json({
        message: type,
        device: { id },
        ...named,
        ...(state && { state }),
        ...referred,
        ...mid,
        ts,
      })
    case 'data-data':
      return json({
        topic: type,
        device_id: id,
        ...mid,
        ts,
        data: { ...named, data: { ...state, ...referred } },
      })
    case 'wrapped':
      return json({ data: plain })
    case 'wrapped-twice':
      return json({ message: { data: plain } })
    case 'no-type': {
      const telling = type === 'online' || type === 'offline' || name === 'boot'
      return json({ id, ts, ...(telling ? { data: { name: type, ...data } } : { type, data }) })
    }
    case 'form':
      return form(plain)
    case 'form-message':
      return form({ message: plain })
    case 'text':
      return { contentType: 'text/plain', body: JSON.stringify(plain) }
  }
}
