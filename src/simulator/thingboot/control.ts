import { type Answer, INVENTED, ok, refuse } from './answer.ts'
import type { Deeds } from './deeds.ts'
import type { Device, Values } from './device.ts'
import { type Action, parseOrder, readObject } from './orders.ts'
import type { CallRecord } from './records.ts'
import type { World } from './world.ts'

/** A call that has passed the check of its signature. */
export interface Call {
  appId: string
  params: Record<string, unknown>
  record: CallRecord
}

/** Ids joined with `,` or a vertical bar (documented). */
export function splitIds(value: unknown): string[] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const ids = String(value).split(/[,|]/)
  return [...new Set(ids.map((id) => id.trim()))].filter((id) => id !== '')
}

/** The named devices as far as the app owns them; undefined where it does not. */
export function ownDevices(world: World, call: Call): (Device | undefined)[] {
  return splitIds(call.params.device).map((id) => {
    const device = world.devices.get(id)
    return device?.appId === call.appId ? device : undefined
  })
}

/** `order` itself, or the pairs given directly as parameters. */
export function orderOf(params: Record<string, unknown>): Record<string, unknown> | undefined {
  if (params.order !== undefined) return readObject(params.order)
  const { device: _device, gateway: _gateway, lang: _lang, ...pairs } = params
  return pairs
}

export type Control = (call: Call) => Answer

/** `device/control`: checks, answers at once, and lets the devices act later. */
export function createControl(world: World, deeds: Deeds): Control {
  const { settings, schedule, outbox } = world
  const lastOrder = new Map<Device, number>()

  /** Our own rule, «one a second per device», which the vendor does not document. */
  function tooFast(device: Device): boolean {
    const last = lastOrder.get(device)
    return settings.rateLimit && last !== undefined && schedule.elapsed() - last < 1000
  }

  async function answerJammed(device: Device, extra: string | undefined): Promise<void> {
    if (device.jam === 'silent') return
    const values = device.jam === 'error' ? { error: 'stuck' } : device.contacts()
    await deeds.say(device, { type: 'order', values, ...(extra !== undefined && { extra }) })
  }

  async function carryOut(device: Device, actions: Action[], record: CallRecord): Promise<void> {
    const { extra } = record
    await outbox.pause(settings.orderPushDelay / 2)
    if (!device.online) {
      if (settings.offlineOrders === 'queued') {
        deeds.whenBack(device, () => carryOut(device, actions, record))
      }
      return
    }
    if (device.jam) return answerJammed(device, extra)
    const results = actions.map((act) => act())
    record.acted.push(device.id)
    await outbox.pause(settings.orderPushDelay / 2)
    const values: Values = Object.assign({}, ...results.map((result) => result.values))
    await deeds.say(device, { type: 'order', values, ...(extra !== undefined && { extra }) })
    for (const { afterwards } of results) await afterwards?.()
  }

  return ({ appId, params, record }) => {
    const devices = ownDevices(world, { appId, params, record })
    if (devices.length === 0) return refuse(501, 'miss param device')
    const known = devices.filter((device) => device !== undefined)
    if (known.length < devices.length) return refuse(settings.unknownDeviceCode, 'no such device')
    const { extra, ...order } = orderOf(params) ?? {}
    if (extra !== undefined && !/^[A-Za-z0-9]{1,32}$/.test(String(extra))) {
      return refuse(INVENTED.badExtra, 'bad extra')
    }
    const planned = known.map((device) => ({ device, actions: parseOrder({ world, deeds }, device, order) }))
    const ready = planned.flatMap(({ device, actions }) => (actions ? [{ device, actions }] : []))
    if (ready.length < planned.length) return refuse(settings.unknownOrderCode, 'no recognizable command')
    if (settings.offlineOrders === 'refused' && known.some((device) => !device.online)) {
      return refuse(settings.offlineCode, 'device offline')
    }
    if (known.some(tooFast)) return refuse(settings.rateCode, 'too many commands')
    for (const { device, actions } of ready) {
      lastOrder.set(device, schedule.elapsed())
      void outbox.track(carryOut(device, actions, record))
    }
    return ok()
  }
}
