import type { BreakerState } from './breaker.ts'
import { circuitState, circuitsOf } from './breaker.ts'
import { answer, type Reply, refuse } from './decision.ts'
import type { GroupRun, RunStep } from './group-run.ts'
import { may, type Person } from './people.ts'
import { type BreakerConfig, type ChatRef, circuitTitle } from './policy.ts'
import type { Position } from './report.ts'
import type { RunDecision, RunGiven } from './run-event.ts'
import { runWord } from './run-steps.ts'

/** What somebody asks of a group. */
export interface RunAsked {
  to: Position
  place: string
  breakers: { config: BreakerConfig; state: BreakerState | undefined }[]
  person: Person
  actor: GroupRun['askedBy']
  sender: string
  chat: ChatRef
  /** Runs that have not ended. */
  others: GroupRun[]
}

/** Select before operate, for a group: nothing moves until the one who asked has confirmed what the card names. */
export function askForRun(asked: RunAsked, given: RunGiven): RunDecision | Reply {
  const { to, place, person } = asked
  if (!may(person, to === 'open' ? 'open' : 'close')) return refuse('gate.role', { person: person.name })
  if (!given.policy.actuation) return refuse('gate.actuation-off')
  const steps = asked.breakers.flatMap((one) => stepsOf(one, to))
  const isIn = (one: RunStep) => steps.some(({ breaker }) => breaker === one.breaker)
  const same = asked.others.find((one) => one.stage === 'running' && one.to === to && one.steps.some(isIn))
  if (same) return refuse('run.other', { place: same.place, person: same.askedBy.person })
  const run = newRun(asked, steps, given)
  const event = { type: 'run-expired' } as const
  const seconds = Math.round(given.policy.confirmWithin / 1000)
  return {
    run,
    effects: [
      { do: 'card', milestone: true, freshIn: asked.chat },
      { do: 'timer', id: `run-expired:${run.id}`, at: run.expiresAt, event },
    ],
    audit: [
      {
        who: person.name,
        what: runWord(run, 'asked'),
        details: {
          run: run.id,
          place,
          circuits: steps.length,
          ...(asked.actor.via && { via: asked.actor.via }),
        },
      },
    ],
    reply: answer(`run.asked-${to}`, { place, count: steps.length, seconds }),
  }
}

function stepsOf({ config, state }: RunAsked['breakers'][number], to: Position): RunStep[] {
  return circuitsOf(Object.keys(config.circuits), state).map((circuit) => {
    const position = state && circuitState(state, circuit).position
    const seen = position === to ? 'already' : state?.online === false ? 'offline' : undefined
    return {
      breaker: config.id,
      circuit,
      title: circuitTitle(config, circuit),
      standing: 'waiting',
      told: -1,
      ...(seen && { seen }),
    }
  })
}

function newRun(asked: RunAsked, steps: RunStep[], { policy, now, newId }: RunGiven): GroupRun {
  const { to, place, actor, sender, chat } = asked
  const rooms = [...new Set(asked.breakers.map(({ config }) => config.room))]
  const chats = policy.rooms.filter((room) => rooms.includes(room.name)).flatMap((room) => room.chats)
  const isHere = (one: ChatRef) => one.channel === chat.channel && one.chat === chat.chat
  return {
    id: newId(),
    to,
    place,
    rooms,
    chats: chats.some(isHere) ? chats : [chat, ...chats],
    stage: 'asked',
    version: 1,
    askedBy: actor,
    sender,
    askedAt: now,
    chat,
    nonce: newId().slice(0, 6),
    expiresAt: now + policy.confirmWithin,
    nextAt: now,
    movedAt: now,
    steps,
  }
}
