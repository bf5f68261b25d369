import { isConnected } from '../engine/connected.ts'
import type { Engine } from '../engine/engine.ts'
import type { Heartbeat } from '../engine/heartbeat.ts'
import type { Readiness } from '../http/health-routes.ts'
import type { Store } from '../store/store.ts'
import type { MqttSource } from './mqtt.ts'

/**
 * Whether this instance is of use: its store is well, and some chat platform is connected here, or by another living
 * instance that shares the store.
 */
export async function readiness(
  store: Store,
  { pushes, channels, clock }: Engine,
  mqtt: MqttSource | undefined,
  heartbeat: Pick<Heartbeat, 'standing'> | undefined,
): Promise<Readiness> {
  const health = Object.fromEntries([...channels].map(([name, channel]) => [name, channel.health()]))
  const someReady = Object.values(health).some(isConnected)
  const [spooled, refused, time] = [pushes.spooled(), pushes.refused(), clock.standing()]
  const beat = heartbeat?.standing()
  const rest = {
    channels: health,
    unreadable: pushes.unreadable(),
    ...(spooled !== undefined && { spooled }),
    ...(refused && { refused }),
    ...(time && { clock: time }),
    ...(mqtt && { mqtt: mqtt.health() }),
    ...(beat && { heartbeat: beat }),
  }
  try {
    const jobs = await store.counts()
    return { ready: someReady, store: { ok: true }, ...rest, jobs }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { ready: false, store: { ok: false, detail }, ...rest, jobs: {} }
  }
}
