import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import type { Fleet } from './fleet.ts'
import type { Flow } from './flow.ts'
import type { Ledger } from './ledger.ts'
import type { Plan } from './plan.ts'
import type { StoreUnderTest } from './store/store.ts'

/** How long a kill waits for its step, ms; then it strikes all the same. */
const STEP_WITHIN = 2000

export interface KillerParts {
  cluster: Cluster
  fleet: Fleet
  flow: Flow
  ledger: Ledger
  store: StoreUnderTest
}

/** Lives one life of the service and ends it as planned. */
export async function liveAndDie(parts: KillerParts, plan: Plan): Promise<void> {
  const { cluster, ledger } = parts
  await delay(plan.away)
  const ready = cluster.startAll()
  const harmed = harm(parts, plan)
  let died: Promise<unknown> | undefined
  const strike = (met: boolean) => {
    if (died) return
    died = Promise.all(plan.victims.map((one) => cluster.instances[one]!.kill()))
    ledger.kills.push({ at: Date.now(), step: plan.step, victims: plan.victims, met })
  }
  if (plan.step !== 'starting') {
    await ready
    await delay(plan.calm)
  }
  if (plan.step === 'starting' || plan.step === 'instant') {
    await delay(plan.wait)
    strike(true)
  } else {
    const disarm = arm(parts, plan, () => strike(true))
    await Promise.race([until(() => died !== undefined), delay(STEP_WITHIN)])
    disarm()
    strike(false)
  }
  await Promise.all([died, harmed])
}

/** What befalls the store in this life. */
async function harm({ store, ledger }: KillerParts, { mishap }: Plan): Promise<void> {
  if (!mishap || !store.befall) return
  await delay(mishap.wait)
  const made = { at: Date.now(), until: Number.POSITIVE_INFINITY, kind: mishap.kind }
  ledger.mishaps.push(made)
  await store.befall(mishap.kind)
  made.until = Date.now()
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5)
}

/** Watches for a step from outside and strikes in that instant; gives the way to stop watching. */
function arm({ fleet, flow, store }: KillerParts, { step, watch }: Plan, strike: () => void): () => void {
  const { cloud } = fleet
  const hit = () => {
    strike()
    return true
  }
  const onCall = (path: string, act: boolean) =>
    cloud.faults.add({ when: (call) => call.path === path && hit(), effect: { kind: 'hang', act } })
  switch (step) {
    case 'after accept':
      return flow.onAccepted(strike)
    // The decision's commit follows the acceptance at once.
    case 'after commit': {
      let stop = flow.onAccepted(() => {
        stop = store.onNextCommit(strike)
      })
      return () => stop()
    }
    case 'before send':
      return onSend(fleet, watch, false, hit)
    case 'after send':
      return onSend(fleet, watch, true, hit)
    // The breaker's state is asked for right before a close leaves.
    case 'before control':
      return onCall('device/info', false)
    case 'at control':
      return onCall('device/control', false)
    case 'after control':
      return onCall('device/control', true)
    default:
      return () => {}
  }
}

/** The next message to a chat arrives; it is written into the chat or not, and never answered. */
function onSend(
  { telegram, dingtalk, wecom }: Fleet,
  watch: Plan['watch'],
  done: boolean,
  hit: () => boolean,
): () => void {
  switch (watch) {
    case 'telegram':
      return telegram.faults.add({
        when: ({ method }) => (method === 'sendMessage' || method === 'editMessageText') && hit(),
        effect: { kind: 'hang', done },
      })
    case 'dingtalk':
      return dingtalk.faults.add({
        when: ({ path }) => path.startsWith('/v1.0/card/instances') && hit(),
        effect: { hang: true, done },
      })
    case 'wecom': {
      const match = { cmd: 'aibot_send_msg', when: hit }
      return done ? wecom.faults.dropAck(match) : wecom.faults.swallow(match)
    }
  }
}
