import { setTimeout as delay } from 'node:timers/promises'
import type { Arrivals } from './arrivals.ts'
import { pace, postAll, type Target } from './load.ts'
import { startStub } from './stub.ts'

/** Something that takes an alarm by HTTP and calls a web-hook. */
export interface Peer {
  name: string
  target: Target
  body(device: number): string
  /** Processor time since it was asked last, ms. */
  processor(): Promise<number>
  arrivals: Arrivals
}

/** A web-hook that answers at once and notes of which breaker it is told. */
export function startReceiver(arrivals: Arrivals) {
  return startStub((_request, body, response) => {
    const breaker = /"breaker(?:Id)?":\s*"(\d+)"/.exec(body)?.[1]
    if (breaker) arrivals.note(breaker)
    response.end()
  })
}

/** From when each alarm was due to the call of the web-hook, ms. */
export async function atPace(peer: Peer, devices: readonly number[], perSecond: number): Promise<number[]> {
  const due = new Map<string, number>()
  let next = 0
  const body = (at: number) => {
    const device = devices[next++]!
    due.set(`${device}`, at)
    return peer.body(device)
  }
  await pace(peer.target, body, perSecond, (devices.length * 1000) / perSecond)
  await peer.arrivals.all([...due.keys()])
  await delay(200)
  return [...due].map(([device, at]) => peer.arrivals.at(device)! - at)
}

/** How many are taken and told a second when all come at once, and processor time of each, µs. */
export async function atOnce(peer: Peer, devices: readonly number[]) {
  await peer.processor()
  const began = performance.now()
  const took = await postAll(
    peer.target,
    devices.map((device) => peer.body(device)),
  )
  await peer.arrivals.all(devices.map(String))
  const last = devices.reduce((at, device) => Math.max(at, peer.arrivals.at(`${device}`)!), 0)
  await delay(500)
  const cost = (await peer.processor()) * 1000
  return {
    taken: (devices.length * 1000) / took,
    called: (devices.length * 1000) / (last - began),
    cost: cost / devices.length,
  }
}
