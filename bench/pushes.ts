export const PUSH_TOKEN = 'push-token-of-the-bench'
export const PUSH_PATH = `/api/device/callback/${PUSH_TOKEN}`
export const FIRST_BREAKER = 100_000
/** How many breakers send readings. */
export const READ = 1000

export interface StatePush {
  type: 'state'
  device: number
  mid: string
  ts: number
  data: Record<string, string>
}

let counter = 0

/** Readings, of one breaker after the other. */
export function createStatePushes(breakers: number): () => string {
  return () => {
    const data = { power: '1', voltage: '229.8', current: '12.4', active_power: '2850', energy: '1532.81' }
    const device = FIRST_BREAKER + (counter % breakers)
    const mid = `${process.pid}-${counter}`
    const push: StatePush = { type: 'state', device, mid, ts: Date.now() + counter, data }
    counter++
    return JSON.stringify(push)
  }
}

export const statePush = createStatePushes(READ)

export function tripPush(device: number, fault = 'overload'): string {
  const state = { power: '0', fault, voltage: '228.4', current: '63.1', active_power: '14400' }
  return eventOf(device, 'trip', state)
}

/** Its contacts have moved. */
export function switchPush(device: number, isClosed: boolean): string {
  return eventOf(device, 'switch', { power: isClosed ? '1' : '0', voltage: '228.4' })
}

function eventOf(device: number, name: string, state: object): string {
  const mid = `${device}-${counter++}`
  return JSON.stringify({ type: 'event', device, mid, ts: Date.now(), data: { name, state } })
}
