import { dingTalkFaults } from '../simulator/dingtalk/faults.ts'
import { telegramFaults } from '../simulator/telegram/faults.ts'
import type { Sims } from './sims.ts'

/** What can be the matter with a platform, or with the cloud. */
export const TROUBLES = ['well', 'slow', 'throttled', 'down'] as const
export type Trouble = (typeof TROUBLES)[number]

export const TROUBLED = ['telegram', 'dingtalk', 'wecom', 'cloud'] as const
export type Troubled = (typeof TROUBLED)[number]

export interface Troubles {
  set(what: Troubled, trouble: Trouble): Promise<void>
  present(): Record<Troubled, Trouble>
}

/** How late a slow one answers, ms. */
const SLOW = 3000
/** How long one that is throttled asks to wait, s. */
const WAIT = 5

/** Begins a trouble; answers with what ends it. */
type Begin = () => (() => unknown) | Promise<() => unknown>

export function createTroubles(sims: Sims): Troubles {
  const present: Record<Troubled, Trouble> = {
    telegram: 'well',
    dingtalk: 'well',
    wecom: 'well',
    cloud: 'well',
  }
  const ends = new Map<Troubled, () => unknown>()
  const kinds = { telegram: telegram(sims), dingtalk: dingtalk(sims), wecom: wecom(sims), cloud: cloud(sims) }

  return {
    async set(what, trouble) {
      await ends.get(what)?.()
      ends.delete(what)
      present[what] = trouble
      if (trouble !== 'well') ends.set(what, await kinds[what][trouble]())
    },
    present: () => ({ ...present }),
  }
}

type Kinds = Record<Exclude<Trouble, 'well'>, Begin>

function telegram({ telegram: sim }: Sims): Kinds {
  const always = { when: ({ method }: { method: string }) => method !== 'getUpdates', times: Infinity }
  return {
    slow: () => sim.faults.add({ ...always, effect: telegramFaults.slow(SLOW) }),
    throttled: () => sim.faults.add({ ...always, effect: telegramFaults.tooMany(WAIT) }),
    async down() {
      await sim.goOffline()
      return () => sim.goOnline()
    },
  }
}

function dingtalk({ dingtalk: sim }: Sims): Kinds {
  const always = { when: ({ path }: { path: string }) => path !== '/connect', times: Infinity }
  return {
    slow: () => sim.faults.add({ ...always, effect: dingTalkFaults.latency(SLOW) }),
    throttled: () => sim.faults.add({ ...always, effect: dingTalkFaults.qpsOfApp() }),
    down() {
      const end = sim.faults.add({ times: Infinity, effect: dingTalkFaults.reset('before') })
      for (const socket of sim.sockets) socket.disconnect()
      return end
    },
  }
}

function wecom({ wecom: { faults } }: Sims): Kinds {
  return {
    slow: () => faults.delayAck(SLOW, { times: Infinity }),
    // Too many messages to this chat (documented).
    throttled: () => faults.failNext({ errcode: 846607, times: Infinity }),
    down() {
      const end = faults.refuseUpgrade(503, Infinity)
      faults.drop()
      return end
    },
  }
}

function cloud({ thingboot: { faults } }: Sims): Kinds {
  return {
    slow: () => faults.add({ times: Infinity, effect: { kind: 'slow', ms: SLOW } }),
    throttled: () => faults.add({ times: Infinity, effect: { kind: 'status', status: 429 } }),
    down: () => faults.add({ times: Infinity, effect: { kind: 'reset' } }),
  }
}
