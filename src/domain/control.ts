import { type AuditLine, answer, type Reply, refuse } from './decision.ts'
import { type Message, message, time } from './message.ts'
import { mayEverywhere, type Person } from './people.ts'
import type { Policy } from './policy.ts'

/** Whether commands may leave at all, as switched by word of mouth; one for all instances. */
export interface Control {
  off: boolean
  /** Who switched it last, and when, ms. */
  by: string
  at: number
  /** When and by whom it was last switched off, ms: a command given before never leaves, also when it is on again. */
  offAt?: number
  offBy?: string
  /** Grows with each switching; cards are of a new version then. */
  changes: number
  /** An admin wants it on again, and has still to confirm. */
  asked?: { by: string; until: number }
}

export type ControlWord = 'off' | 'on' | 'confirm-on'

export interface ControlDecision {
  control: Control | undefined
  /** Commands may leave again, or no more: all rooms are told. */
  notice?: Message
  audit: AuditLine[]
  reply: Reply
}

interface ControlGiven {
  policy: Pick<Policy, 'actuation' | 'confirmWithin'>
  now: number
}

/** An admin switches off at once; switching on takes a second word within a minute, by the same admin. */
export function decideControl(
  control: Control | undefined,
  word: ControlWord,
  person: Person,
  given: ControlGiven,
): ControlDecision {
  const who = person.name
  const unchanged = (reply: Reply, audit: AuditLine[] = []): ControlDecision => ({ control, audit, reply })
  if (!mayEverywhere(person, 'administer'))
    return unchanged(refuse('control.not-admin', { person: who }), [
      { who, what: 'control.refused', details: { word } },
    ])
  if (word === 'off')
    return control?.off ? unchanged(alreadyOff(control)) : switched(control, false, who, given)
  if (!control?.off)
    return unchanged(refuse(given.policy.actuation ? 'control.on-already' : 'control.by-configuration'))
  if (word === 'on') return askForOn(control, who, given)
  const { asked } = control
  if (asked?.by !== who || given.now >= asked.until) return unchanged(refuse('control.on-expired'))
  return switched(control, true, who, given)
}

const alreadyOff = ({ by, at }: Control): Reply => answer('control.off-already', { person: by, at: time(at) })

function askForOn(control: Control, who: string, { policy, now }: ControlGiven): ControlDecision {
  const seconds = Math.round(policy.confirmWithin / 1000)
  return {
    control: { ...control, asked: { by: who, until: now + policy.confirmWithin } },
    audit: [{ who, what: 'control.on-asked' }],
    reply: answer('control.on-ask', { seconds }),
  }
}

function switched(
  control: Control | undefined,
  on: boolean,
  who: string,
  { now }: Pick<ControlGiven, 'now'>,
): ControlDecision {
  const last = on ? { offAt: control?.offAt, offBy: control?.offBy } : { offAt: now, offBy: who }
  const key = on ? 'control.on-done' : 'control.off-done'
  return {
    control: {
      off: !on,
      by: who,
      at: now,
      ...(last.offAt !== undefined && last.offBy !== undefined && { offAt: last.offAt, offBy: last.offBy }),
      changes: (control?.changes ?? 0) + 1,
    },
    notice: message(key, { person: who }),
    audit: [{ who, what: on ? 'control.on' : 'control.off' }],
    reply: answer(key, { person: who }),
  }
}

/**
 * As it stands after the state of an earlier time was put in place of the present one: holds and lock-outs of the time
 * between are gone, so nothing leaves until an admin has looked, and never what was given before.
 */
export const offAfterRestore = (control: Control | undefined, by: string, now: number): Control =>
  switched(control, false, by, { now }).control!

/** Why a command that was given at a moment may not leave now. */
export function whyControlForbids(control: Control | undefined, givenAt: number): Message | undefined {
  if (!control || (!control.off && (control.offAt ?? 0) < givenAt)) return undefined
  return message('gate.control-off', {
    person: control.offBy ?? control.by,
    at: time(control.offAt ?? control.at),
  })
}

/** What every card and the status say while no command may leave. */
export function controlNote(policy: Pick<Policy, 'actuation'>, control: Control | undefined): Message[] {
  if (control?.off) return [message('note.control-off', { person: control.by, at: time(control.at) })]
  return policy.actuation ? [] : [message('note.actuation-off')]
}
