import { type Answer, INVENTED, ok, refuse } from './answer.ts'
import { type Call, createControl, ownDevices } from './control.ts'
import type { Deeds } from './deeds.ts'
import type { Device } from './device.ts'
import { readObject } from './orders.ts'
import { spellAll } from './push-body.ts'
import type { World } from './world.ts'

/** The keys of `device/config` (documented; not every product has all of them). */
const CONFIG_KEY =
  /^(relay\d*|btn\d*|action\d*|time\d*|offline|gap|filter|mode|led|metering_interval|metering_boot|high_power_time)$/
const PAGE_SIZES = [10, 20, 30, 50]

/** `page_index` from 1, `page_size` one of 10, 20, 30, 50; anything else counts as left out. */
function page<T>(list: T[], params: Record<string, unknown>): T[] {
  const size = PAGE_SIZES.find((one) => one === Number(params.page_size)) ?? 10
  const index = Math.max(1, Math.floor(Number(params.page_index)) || 1)
  return list.slice((index - 1) * size, index * size)
}

const matches = (q: unknown, ...texts: string[]) =>
  q === undefined || q === '' || texts.some((text) => text.toLowerCase().includes(String(q).toLowerCase()))

/** Titles and models are invented; the ids of the products are documented ones where there is one. */
function productOf(device: Device) {
  const model = device.metered ? `SIM-${device.ratedCurrent}A-P` : `SIM-${device.ratedCurrent}A`
  return { id: device.product, model, title: `${device.circuits.length}-circuit breaker` }
}

/** As device/list and device/info show it. The fields of `network` are invented: the page is cut before them. */
function describe(world: World, device: Device) {
  const { id, title } = productOf(device)
  return {
    id: /^\d+$/.test(device.id) ? Number(device.id) : device.id,
    key: device.id,
    name: device.name,
    remark: '',
    product: { id, key: id, title },
    group: {},
    state: spellAll(device.values(), world.settings.pushValues),
    network: { online: device.online, type: 'wifi', signal: -61 },
  }
}

const mine = (world: World, call: Call) =>
  [...world.devices.values()].filter((one) => one.appId === call.appId)

function deviceList(world: World, call: Call): Answer {
  const { q, product, tag, group } = call.params
  // The simulator has no tags and groups, so asking for one finds nothing (and `tag` makes `q` be ignored).
  if (tag || group) return ok([])
  const found = mine(world, call).filter(
    (device) => matches(q, device.id, device.name) && (!product || device.product === String(product)),
  )
  return ok(page(found, call.params).map((device) => describe(world, device)))
}

function deviceInfo(world: World, call: Call): Answer {
  const devices = ownDevices(world, call)
  if (devices.length === 0) return refuse(501, 'miss param device')
  const known = devices.filter((device) => device !== undefined)
  if (known.length < devices.length) return refuse(world.settings.unknownDeviceCode, 'no such device')
  const shown = known.map((device) => describe(world, device))
  return ok(shown.length === 1 ? shown[0] : shown)
}

function deviceConfig(world: World, call: Call): Answer {
  const devices = ownDevices(world, call)
  const config = Object.entries(readObject(call.params.config) ?? {})
  if (devices.length === 0) return refuse(501, 'miss param device')
  if (config.length === 0 || !config.every(([key]) => CONFIG_KEY.test(key)))
    return refuse(504, 'unknow config')
  for (const device of devices) {
    if (!device) return refuse(world.settings.unknownDeviceCode, 'no such device')
    if (!device.online) return refuse(world.settings.offlineCode, 'device offline')
  }
  for (const device of devices) for (const [key, value] of config) device?.config.set(key, String(value))
  return ok()
}

function productList(world: World, call: Call): Answer {
  const devices = mine(world, call)
  const products = new Map(devices.map((device) => [device.product, productOf(device)]))
  const found = [...products.values()]
    .filter((product) => matches(call.params.q, product.id, product.model, product.title))
    .map((product) => ({
      ...product,
      icon: '',
      producer: 'simulator',
      device: devices.filter((device) => device.product === product.id).length,
      remark: '',
    }))
  return ok(page(found, call.params))
}

/** Answers a call that has passed the check of its signature. */
export type Interfaces = (path: string, call: Call) => Answer

export function createInterfaces(world: World, deeds: Deeds): Interfaces {
  const control = createControl(world, deeds)
  const byPath: Record<string, (call: Call) => Answer> = {
    'device/control': control,
    'device/info': (call) => deviceInfo(world, call),
    'device/list': (call) => deviceList(world, call),
    'device/config': (call) => deviceConfig(world, call),
    'product/list': (call) => productList(world, call),
    'product/list/stock': (call) => productList(world, call),
  }
  return (path, call) => byPath[path]?.(call) ?? refuse(INVENTED.noSuchInterface, 'no such interface')
}
