import { statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fleet } from './fleet.ts'
import type { Flow } from './flow.ts'
import { type Ledger, STEPS, type Step } from './ledger.ts'
import { createRandom, type Random } from './random.ts'
import type { Service } from './service.ts'

/** How long a kill waits for its step, ms; then it strikes all the same. */
const STEP_WITHIN = 2000
/** The time after the ready line, or after the start, in which a kill at no particular step falls, ms. */
const WINDOW = { instant: 900, starting: 700 }

interface Plan {
  step: Step
  /** ms, for steps that are a time. */
  wait: number
  /** In which chat program a step of sending is watched. */
  watch: 'telegram' | 'dingtalk' | 'wecom'
}

/** Every step in turn, so that each is met also in a short run; then shuffled. */
export function planKills(count: number, seed: number): Plan[] {
  const random = createRandom(seed, 'kills')
  const plans = Array.from({ length: count }, (_, index): Plan => {
    const step = STEPS[index % STEPS.length]!
    return {
      step,
      wait: random.between(0, step === 'starting' ? WINDOW.starting : WINDOW.instant),
      watch: random.pick(['telegram', 'telegram', 'dingtalk', 'wecom']),
    }
  })
  return shuffled(plans, random)
}

function shuffled<T>(list: T[], random: Random): T[] {
  return list
    .map((one) => ({ one, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one)
}

export interface KillerParts {
  service: Service
  fleet: Fleet
  flow: Flow
  ledger: Ledger
  /** The store's write-ahead log: it changes with each commit. */
  wal: string
}

/** Lives one life of the service and ends it as planned. */
export async function liveAndDie(parts: KillerParts, plan: Plan): Promise<void> {
  const { service, ledger } = parts
  const { ready } = service.start()
  let died: Promise<void> | undefined
  const strike = (met: boolean) => {
    if (died) return
    died = service.kill()
    ledger.kills.push({ at: Date.now(), step: plan.step, met })
  }
  if (plan.step !== 'starting') await ready
  if (plan.step === 'starting' || plan.step === 'instant') {
    await delay(plan.wait)
    strike(true)
  } else {
    const disarm = arm(parts, plan, () => strike(true))
    await Promise.race([until(() => died !== undefined), delay(STEP_WITHIN)])
    disarm()
    strike(false)
  }
  await died
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5)
}

/** Watches for a step from outside and strikes in that instant; gives the way to stop watching. */
function arm({ fleet, flow, wal }: KillerParts, { step, watch }: Plan, strike: () => void): () => void {
  const { cloud } = fleet
  const hit = () => {
    strike()
    return true
  }
  const onCall = (path: string, act: boolean) =>
    cloud.faults.add({ when: (call) => call.path === path && hit(), effect: { kind: 'hang', act } })
  switch (step) {
    case 'after accept':
      flow.onAccepted(strike)
      return () => {}
    case 'after commit':
      flow.onAccepted(() => void onNextCommit(wal, strike))
      return () => {}
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

/** Looks at the write-ahead log without pause until it changes: the decision's commit follows the acceptance at once. */
async function onNextCommit(wal: string, strike: () => void): Promise<void> {
  const mark = () => {
    const { size, mtimeNs } = statSync(wal, { bigint: true })
    return `${size} ${mtimeNs}`
  }
  const before = mark()
  const end = Date.now() + 200
  while (mark() === before && Date.now() < end) await new Promise((resolve) => setImmediate(resolve))
  strike()
}
