import type { Deed, EscalationPolicy, Told } from './escalation.ts'
import type { CallWay, ChannelName } from './people.ts'

/** Between two steps of a drill, ms. */
export const DRILL_STEP = 5000
/** From its last step on it waits so long for providers and people, ms. */
export const DRILL_WAITS = 120_000

/** By what a drill tells: a person's or another system's way, or a reminder in a chat. */
export type DrillWay = CallWay | 'webhook' | 'remind'

/** What became of one try to tell somebody. */
export interface DrillTry {
  way?: DrillWay
  /** A person's name, an address, the name of a web-hook, or of a chat platform. */
  to: string
  /** Which step's, from 0; absent where a person was called, for that is done once. */
  step?: number
  /** `no-way`: there is none by which they could be told. */
  outcome: 'delivered' | 'later' | 'refused' | 'unknown' | 'no-way'
  why?: string
  /** Ways that would reach them, were they configured. */
  missing?: CallWay[]
}

/** What a drill has come to so far. */
export interface Drill {
  /** A person's name; absent: by the calendar. */
  by?: string
  /** The policy it goes by; absent: there is none. */
  policy?: string
  /** When its steps are due after a real alarm, ms. */
  times: number[]
  /** What each step was to do. */
  steps: { after: number; deeds: Deed[] }[]
  tries: DrillTry[]
  /** Who has acknowledged, ms after its beginning. */
  acks: { person: string; after: number }[]
}

/** Whether a chat of the room has taken the card. */
export interface DrillCard {
  channel: ChannelName
  shown: boolean
}

/** Begins the record of a drill that goes by a policy. */
export function newDrill(policy: EscalationPolicy | undefined, by: string | undefined): Drill {
  return {
    ...(by !== undefined && { by }),
    ...(policy && { policy: policy.name }),
    times: policy ? timesOf(policy) : [],
    steps: [],
    tries: [],
    acks: [],
  }
}

/** How long it takes, ms. */
export const drillLasts = ({ times }: Drill): number =>
  Math.max(0, times.length - 1) * DRILL_STEP + DRILL_WAITS

/** A policy as a drill goes through it: each step once, whatever the alarm, and one soon after the other. */
export function drillPolicy(policy: EscalationPolicy): EscalationPolicy {
  const times = timesOf(policy)
  const steps = policy.steps.map(({ severity: _, causes: __, ...step }) => ({
    ...step,
    after: times.indexOf(step.after) * DRILL_STEP,
  }))
  return { ...policy, repeat: 0, steps }
}

const timesOf = ({ steps }: EscalationPolicy): number[] =>
  [...new Set(steps.map((one) => one.after))].sort((a, b) => a - b)

/**
 * What of a step's deeds a drill does: nobody is told twice. Programs are told when it is over, for they close what they
 * have opened; people learn it in the room.
 */
export function drillDeeds(deeds: readonly Deed[], told: Told): Deed[] {
  return deeds.flatMap((deed): Deed[] => {
    switch (deed.do) {
      case 'remind':
        return [{ ...deed, people: deed.people.filter((one) => !told.mention.includes(one)) }]
      case 'summon':
        return told.call.includes(deed.person) ? [] : [deed]
      case 'mail':
        return deed.what === 'raised' && !told.mail.includes(deed.to) ? [deed] : []
      case 'hook':
        return deed.what === 'resolved' || !told.hooks.includes(deed.hook) ? [deed] : []
      default:
        return [deed]
    }
  })
}

/** Notes what became of a try; of the same one the newer word counts. */
export function withTry(drill: Drill, one: DrillTry): Drill {
  const isSame = ({ way, to, step }: DrillTry) => way === one.way && to === one.to && step === one.step
  const others = drill.tries.filter((before) => !isSame(before))
  return { ...drill, tries: [...others, one] }
}

/** What happens to a drill alone. */
export type DrillEvent =
  /** One try to tell somebody is over. */
  | { type: 'tried'; tried: DrillTry }
  /** Its time is over. `cards`: where its card has arrived. */
  | { type: 'drill-ends'; cards?: DrillCard[] }
