import { setTimeout as delay } from 'node:timers/promises'
import { CONFIG_HELP, CONFIG_OPTION, type Command, UsageError } from './command.ts'
import { readConfig } from './read-config.ts'

type Push = { type: string; device: number | string; ts: number; data?: object }
type Scenario = (devices: string[]) => AsyncGenerator<Push>

const READINGS = { voltage: '228.4', active_power: '14400' }

const push = (type: string, device: string, data?: object): Push => ({
  type,
  device: /^\d+$/.test(device) ? Number(device) : device,
  ts: Date.now(),
  ...(data && { data }),
})
const trip = (device: string, fault: string, current: string): Push =>
  push('event', device, { name: 'trip', state: { power: '0', fault, current, ...READINGS } })
const closed = (device: string): Push =>
  push('state', device, { power: '1', voltage: '229.8', current: '12.4', active_power: '2850' })

const SCENARIOS: Record<string, { tells: string; play: Scenario }> = {
  trip: {
    tells: 'rising current, then an overload trip',
    async *play([device]) {
      for (const current of ['52.0', '57.5', '61.8']) {
        yield push('state', device!, { power: '1', current, ...READINGS })
        await delay(300)
      }
      yield trip(device!, 'overload', '63.1')
    },
  },
  'short-circuit': {
    tells: 'a short circuit, which may not be closed from afar',
    async *play([device]) {
      yield closed(device!)
      yield trip(device!, 'short-circuit', '480')
    },
  },
  're-trip': {
    tells: 'trips, is closed by hand, and trips again',
    async *play([device]) {
      yield trip(device!, 'overload', '63.1')
      await delay(2000)
      yield closed(device!)
      await delay(2000)
      yield trip(device!, 'overload', '64.0')
    },
  },
  storm: {
    tells: 'every breaker trips within a second',
    async *play(devices) {
      for (const device of devices) yield trip(device, 'under-voltage', '5.0')
    },
  },
  offline: {
    tells: 'goes offline and comes back after 5 s: an alarm only where offline.grace is shorter',
    async *play([device]) {
      yield push('offline', device!)
      await delay(5000)
      yield push('online', device!, { state: { power: '1' } })
    },
  },
  'unknown-device': {
    tells: 'a push from a device that is not configured',
    async *play() {
      yield trip('999999', 'overload', '63.1')
    },
  },
}

export const simulate: Command = {
  help: `Usage: breakerbot simulate SCENARIO [--device ID] [--url URL] [--config FILE]

Sends pushes as the cloud would. The cards that follow are real ones: use it in a group for trying out.

${Object.entries(SCENARIOS)
  .map(([name, { tells }]) => `  ${name.padEnd(16)}${tells}`)
  .join('\n')}

      --device ID     the breaker; default the first one configured
      --url URL       where the service runs; default http://127.0.0.1:PORT of the configuration
${CONFIG_HELP}`,
  options: { ...CONFIG_OPTION, device: { type: 'string' }, url: { type: 'string' } },
  async run(args) {
    const scenario = SCENARIOS[args.positionals[0] ?? '']
    if (!scenario) throw new UsageError(`name a scenario: ${Object.keys(SCENARIOS).join(', ')}`)
    const config = readConfig(args)
    const { pushToken } = config.thingboot
    if (pushToken === undefined)
      throw new UsageError('thingboot.pushToken is not set: the service takes no pushes by HTTP')
    const device = args.options.device
    const devices = typeof device === 'string' ? [device] : config.breakers.map((breaker) => breaker.id)
    if (devices.length === 0) throw new UsageError('no breaker is configured; name one with --device ID')
    const base =
      typeof args.options.url === 'string' ? args.options.url : `http://127.0.0.1:${config.server.port}`
    for await (const one of scenario.play(devices)) await send(base, pushToken, one)
    return 0
  },
}

async function send(base: string, token: string, body: Push): Promise<void> {
  const response = await fetch(`${base}/api/device/callback/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new Error(`the service at ${base} does not answer (${cause}); is it running?`)
  })
  process.stdout.write(`${response.status} ${JSON.stringify(body)}\n`)
  if (!response.ok) throw new Error(`the service refused the push: ${await response.text()}`)
}
