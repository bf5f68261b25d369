import { setTimeout as delay } from 'node:timers/promises'
import type { ClosePermit } from '../domain/closing-gate.ts'
import { type CloseOrder, spendPermit } from '../domain/closing-gate.ts'
import type { Log } from '../domain/log.ts'
import { checkOrder, type Order, type Query } from './order.ts'
import { forbidden, givenUp, type Outcome } from './outcome.ts'
import { createPacer, type Pacer } from './pacer.ts'
import type { ProductProfile } from './profile.ts'
import { GENERIC } from './profiles.ts'
import { type DeviceStatus, devicesIn } from './status.ts'
import { createTransport, type Heard, ORDERS } from './transport.ts'

export interface ThingbootClientOptions {
  appId: string
  appSecret: string
  baseUrl: string
  log: Log
  /** ms since 1970; default the machine's clock. */
  now?: () => number
  /** How long one call may take, ms; default 8000. */
  timeoutMs?: number
  /** Pause before the first repetition of a read, ms, then three times as long; default 300. */
  readPause?: number
  pacer?: Pacer
  /** How a device's values are to be read; default: leniently. */
  profileFor?: (device: string) => ProductProfile
  heard?: Heard
}

export interface ControlOptions {
  /** Gives the command up. */
  signal?: AbortSignal
  /** Asked last of all, when the command's turn has come: it leaves only if this says yes. */
  isWanted?: () => Promise<boolean>
}

export interface ReadOptions {
  /** Gives the call up. */
  signal?: AbortSignal
  /** Waits for the call's turn, before each attempt; false gives it up. */
  turn?: () => Promise<boolean>
}

/** The cloud took the command. That does not mean the device acted: that comes as an order push (documented). */
export interface Taken {
  /** When the command left, ms since 1970. */
  sentAt: number
}

/**
 * The cloud's open platform. Nothing here throws: each call answers with an {@link Outcome}. A command leaves at most
 * once, and at most one in 1.5 s for one breaker (see the pacer): it waits for its turn until `signal` gives up.
 * `extra` is the caller's reference, 1 to 32 letters and digits, and comes back in the order push.
 */
export interface ThingbootClient {
  /**
   * Closes the contacts of a circuit (`power`, `power1` …).
   * @param permit asked for last of all, when the command's turn has come: it leaves only with a permit that the closing
   * gate has issued for this very order, just now
   */
  close(
    order: CloseOrder,
    permit: () => Promise<ClosePermit | undefined>,
    options?: Pick<ControlOptions, 'signal'>,
  ): Promise<Outcome<Taken>>
  /** Opens the contacts of a circuit. */
  open(device: string, circuit: string, extra: string, options?: ControlOptions): Promise<Outcome<Taken>>
  /** Asks a metered breaker for its energy; the answer comes as an order push (inferred). */
  query(device: string, what: Query, extra: string, options?: ControlOptions): Promise<Outcome<Taken>>
  /** How devices stand. The cloud may refuse the whole call for one device that it does not know (not documented). */
  info(devices: readonly string[], options?: ReadOptions): Promise<Outcome<DeviceStatus[]>>
  /** A page of the account's devices, from 1; one beyond the last is empty, or has devices of an earlier one. */
  page(index: number, options?: ReadOptions): Promise<Outcome<DeviceStatus[]>>
  /** All devices of the account. */
  list(options?: ReadOptions): Promise<Outcome<DeviceStatus[]>>
  /** How far this machine's clock is ahead of the cloud's, ms; negative when it is behind. */
  ntp(): Promise<Outcome<number>>
}

/** The largest documented page of `device/list`; taken for `device/info` as well, whose limit is not known. */
const PAGE_SIZE = 50
/** An account with more pages than this is a loop. */
const MAX_PAGES = 400
const READ_ATTEMPTS = 3

/** Throws for a base URL that is none. */
export function createThingbootClient(options: ThingbootClientOptions): ThingbootClient {
  const { log, now = Date.now, timeoutMs = 8000, readPause = 300, pacer = createPacer() } = options
  const profileFor = options.profileFor ?? (() => GENERIC)
  const transport = createTransport({ ...options, log, now, timeoutMs })

  async function control(
    device: string,
    order: Order,
    options: ControlOptions & { barring?: () => Promise<string | undefined> } = {},
  ): Promise<Outcome<Taken>> {
    const { signal, isWanted, barring } = options
    const fault = checkOrder(device, order)
    if (fault) return forbidden(fault)
    if (!(await pacer.turn(device, signal))) return givenUp()
    if (isWanted && !(await isWanted())) return givenUp()
    const barred = await barring?.()
    if (barred) return forbidden(barred)
    const sentAt = now()
    const outcome = await transport.call(ORDERS, { device: idParameter(device), order }, signal)
    return outcome.ok ? { ok: true, data: { sentAt } } : outcome
  }

  async function read<T>(
    attempt: () => Promise<Outcome<T>>,
    { signal, turn }: ReadOptions = {},
  ): Promise<Outcome<T>> {
    for (let tried = 1; ; tried++) {
      if (turn && !(await turn())) return givenUp()
      const outcome = await attempt()
      const isFinal = outcome.ok || outcome.kind === 'refused' || tried >= READ_ATTEMPTS || signal?.aborted
      if (isFinal) return outcome
      await delay(readPause * 3 ** (tried - 1))
    }
  }

  async function readDevices(
    path: string,
    body: object,
    options: ReadOptions = {},
  ): Promise<Outcome<DeviceStatus[]>> {
    const outcome = await read(() => transport.call(path, body, options.signal), options)
    return outcome.ok ? { ok: true, data: devicesIn(outcome.data, now(), profileFor) } : outcome
  }

  async function info(devices: readonly string[], options?: ReadOptions): Promise<Outcome<DeviceStatus[]>> {
    const found: DeviceStatus[] = []
    for (let start = 0; start < devices.length; start += PAGE_SIZE) {
      const some = devices.slice(start, start + PAGE_SIZE)
      const device = some.length === 1 ? idParameter(some[0]!) : some.join(',')
      const outcome = await readDevices('device/info', { device }, options)
      if (!outcome.ok) return outcome
      found.push(...outcome.data)
    }
    return { ok: true, data: found }
  }

  const page = (index: number, options?: ReadOptions) =>
    readDevices('device/list', { page_index: index, page_size: PAGE_SIZE }, options)

  /** Reads page after page until one brings nothing new, for a page need not be as long as it was asked for. */
  async function list(options?: ReadOptions): Promise<Outcome<DeviceStatus[]>> {
    const found = new Map<string, DeviceStatus>()
    for (let index = 1; index <= MAX_PAGES; index++) {
      const outcome = await page(index, options)
      if (!outcome.ok) return outcome
      const known = found.size
      for (const status of outcome.data) found.set(status.device, status)
      if (found.size === known) break
    }
    return { ok: true, data: [...found.values()] }
  }

  return {
    close: (order, permit, options) =>
      control(
        order.device,
        { [order.circuit]: '1', extra: order.extra },
        { ...options, barring: async () => spendPermit(await permit(), order, now()) },
      ),
    open: (device, circuit, extra, options) => control(device, { [circuit]: '0', extra }, options),
    query: (device, what, extra, options) => control(device, { query: what, extra }, options),
    info,
    page,
    list,
    ntp: () => read(() => transport.ntp()),
  }
}

/** A single id as the integer that the documented examples show, where it is one. */
function idParameter(device: string): string | number {
  return /^[1-9]\d{0,14}$/.test(device) ? Number(device) : device
}
