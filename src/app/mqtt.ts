import type { Config } from '../config/schema.ts'
import type { Engine } from '../engine/engine.ts'
import { createHold, type Holder } from '../engine/hold.ts'
import { readBody } from '../http/read-body.ts'
import type { Logger } from '../log.ts'
import type { MqttInputHealth } from '../thingboot/mqtt-input.ts'

/** The cloud's messages by MQTT, taken by one instance at a time: the broker throws out the older of two. */
export interface MqttSource {
  start(): Promise<void>
  health(): Omit<MqttInputHealth, 'state'> & { state: MqttInputHealth['state'] | 'standby' }
  stop(): Promise<void>
}

export async function createMqtt(
  { thingboot }: Config,
  log: Logger,
  { pushes, missedPushes }: Engine,
  holder: Holder,
): Promise<MqttSource | undefined> {
  const { mqtt, appId, appSecret } = thingboot
  if (!mqtt) return undefined
  // Loaded only where it is used.
  const { createMqttInput } = await import('../thingboot/mqtt-input.ts')
  const input = createMqttInput({
    ...mqtt,
    appId,
    appSecret,
    log: log.child({ part: 'mqtt' }),
    ready: () => missedPushes('MQTT was not connected'),
    async take(body, topic) {
      const read = readBody(body)
      if (read.ok) await pushes.take(read.value, body, topic)
      else await pushes.keepUnreadable(body, read.why)
    },
  })
  const hold = createHold({
    ...holder,
    name: `mqtt:${appId}:${mqtt.clientId}`,
    begin: async () => input.start(),
    end: input.stop,
  })
  return {
    start: hold.start,
    stop: hold.stop,
    health() {
      const { at, since } = hold.standing()
      if (at !== 'elsewhere') return input.health()
      return { state: 'standby', since, detail: 'Another instance takes the messages by MQTT.' }
    },
  }
}
