import { createFaultScript, type FaultScript } from '../kit/faults.ts'
import type { Device } from './device.ts'
import { type Encoded, encodePush, type Message } from './push-body.ts'
import type { Random } from './random.ts'
import type { PushFault, PushRecord } from './records.ts'
import type { Schedule } from './schedule.ts'
import type { SimSettings } from './settings.ts'
import type { AppSpec } from './types.ts'

/** Puts a message on the app's MQTT topic for its type; false if nobody is there to take it. */
export type PublishMessage = (record: PushRecord) => boolean

export interface Outbox {
  readonly records: PushRecord[]
  readonly faults: FaultScript<PushRecord, PushFault>
  /** Sends once, after the same device's earlier pushes (our choice); resolves when it is settled, never rejects. */
  send(device: Device, message: Message): Promise<void>
  /** Counts work among what {@link Outbox.settled} waits for. */
  track(work: Promise<void>): Promise<void>
  settled(): Promise<void>
  /** Resolves after so many ms. */
  pause(ms: number): Promise<void>
  close(): void
}

export interface OutboxParts {
  apps: ReadonlyMap<string, AppSpec>
  settings: SimSettings
  random: Random
  schedule: Schedule
  now: () => number
  publish: PublishMessage
}

export function createOutbox(parts: OutboxParts): Outbox {
  const records: PushRecord[] = []
  const faults = createFaultScript<PushRecord, PushFault>()
  const queues = new Map<string, Promise<void>>()
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()
  const pause = (ms: number) => new Promise<void>((resolve) => parts.schedule.after(ms, resolve))

  function track(work: Promise<void>): Promise<void> {
    underWay.add(work)
    return work.finally(() => underWay.delete(work))
  }

  async function post(url: string, encoded: Encoded, record: PushRecord): Promise<void> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': encoded.contentType, connection: 'close' },
      body: encoded.body,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(parts.settings.pushTimeout), closing.signal]),
    })
    record.status = response.status
    record.outcome = response.status === 200 ? 'delivered' : 'refused'
    await response.body?.cancel()
  }

  async function deliver(encoded: Encoded, record: PushRecord): Promise<void> {
    const app = parts.apps.get(record.appId)
    const start = performance.now()
    record.at = parts.now()
    try {
      if (app?.mqtt) record.outcome = parts.publish(record) ? 'delivered' : 'dropped'
      else if (app?.pushUrl) await post(app.pushUrl, encoded, record)
    } catch {
      // Unreachable or too slow: the cloud looks no further and neither do we.
    }
    if (record.outcome === 'pending') record.outcome = 'dropped'
    record.duration = performance.now() - start
  }

  function queue(encoded: Encoded, record: PushRecord): Promise<void> {
    const before = queues.get(record.device) ?? Promise.resolve()
    const sent = before.then(() => deliver(encoded, record))
    queues.set(record.device, sent)
    return sent
  }

  function note(device: Device, message: Message, encoded: Encoded): PushRecord {
    const record: PushRecord = {
      seq: records.length + 1,
      appId: device.appId,
      type: message.type,
      device: device.id,
      body: encoded.body,
      at: parts.now(),
      duration: 0,
      outcome: 'pending',
    }
    records.push(record)
    return record
  }

  async function send(device: Device, message: Message): Promise<void> {
    const encoded = encodePush(device, message, parts)
    const record = note(device, message, encoded)
    const fault = faults.hit(record)
    const unlucky = message.type === 'order' && parts.random.next() < parts.settings.orderPushLoss
    if (unlucky || fault?.kind === 'lose') {
      record.outcome = 'dropped'
    } else if (fault?.kind === 'slow') {
      await pause(fault.ms)
      await deliver(encoded, record)
    } else {
      const copies = fault?.kind === 'duplicate' ? (fault.times ?? 2) - 1 : 0
      const again = Array.from({ length: copies }, () => note(device, message, encoded))
      await Promise.all([record, ...again].map((one) => queue(encoded, one)))
    }
  }

  return {
    records,
    faults,
    send: (device, message) => track(send(device, message)),
    track,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    pause,
    close: () => closing.abort(),
  }
}
