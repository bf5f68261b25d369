import { label } from '../kit/words.js'
import { send } from './api.js'

const [PUMP, OTHER, FEEDER] = ['820720', '820721', '820722']
const HERE = [PUMP, OTHER, FEEDER]

const deed = (body) => send('deed', body)
const trip = (breaker, cause) => deed({ do: 'trip', breaker, circuit: 'power', cause })

/** Where the group does not see it. */
const unlock = (name) =>
  send('line', { as: 'chief', chat: 'telegram', place: 'single', text: `解锁 ${name} 导览重来` })

/** Everything closed, there and well, as a scenario begins. */
export async function ready({ breakers, troubles }) {
  for (const [what, trouble] of Object.entries(troubles))
    if (trouble !== 'well') await deed({ do: 'trouble', what, trouble: 'well' })
  const dark = breakers.filter((one) => one.dark).map(({ site }) => site)
  for (const site of new Set(dark)) await deed({ do: 'power-back', site })
  for (const { id, name, online, jammed, retrips, locked, circuits } of breakers) {
    if (locked && HERE.includes(id)) await unlock(name)
    if (retrips) await deed({ do: 'no-retrip', breaker: id })
    if (!online) await deed({ do: 'go-online', breaker: id })
    if (jammed) await deed({ do: 'unjam', breaker: id })
    for (const { key, position } of circuits)
      if (position === 'open') await deed({ do: 'switch', breaker: id, circuit: key, to: 'closed' })
  }
}

/**
 * How long ago must be what came before, ms: a trip soon after another at the same site shares its card, which is for
 * the storm to show; one soon after a close is taken for a permanent fault.
 */
const APART = { 'incident.opened': 3500, 'operation.done': 6500 }

/** Resolves when it is that long ago. */
export function quiet({ audit }) {
  const ends = Object.entries(APART).map(([what, apart]) => {
    const last = audit.findLast((one) => one.what === what)
    return last ? last.at + apart : 0
  })
  const left = Math.max(...ends) - Date.now()
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, left)))
}

/** @param who their names, in each language */
const noted = (what, who) => (lines) =>
  lines.some((one) => one.what === what && (!who || who.includes(one.who)))

/**
 * Scenarios, step by step. `say` is the key of its words, `as` whose part the visitor takes, `chat` where to look; a step
 * is over when `act` has been pressed, or `done` finds in the audit what was to happen.
 */
export const SCENARIOS = {
  night: [
    { say: 'night.1', act: () => trip(PUMP, 'overload'), done: noted('incident.opened') },
    { say: 'night.2', as: 'jia', chat: 'telegram', done: noted('incident.acknowledged') },
    { say: 'night.3', as: 'jia', chat: 'dingtalk', done: noted('close.asked') },
    { say: 'night.4', as: 'jia', chat: 'dingtalk', done: noted('operation.done') },
    { say: 'night.5' },
  ],
  permanent: [
    {
      say: 'permanent.1',
      act: async () => {
        await deed({ do: 'retrip', breaker: OTHER, cause: 'overload' })
        await trip(OTHER, 'overload')
      },
      done: noted('incident.opened'),
    },
    { say: 'permanent.2', as: 'jia', chat: 'dingtalk', done: noted('close.confirmed') },
    { say: 'permanent.3', done: noted('lock-out.set') },
    {
      say: 'permanent.4',
      as: 'jia',
      chat: 'telegram',
      act: () => send('line', { as: 'jia', chat: 'telegram', text: label('permanent.4.text') }),
      done: noted('close.refused'),
    },
    {
      say: 'permanent.5',
      as: 'chief',
      chat: 'wecom',
      act: async () => {
        await deed({ do: 'no-retrip', breaker: OTHER })
        await send('line', { as: 'chief', chat: 'wecom', text: label('permanent.5.text') })
      },
      done: noted('lock-out.lifted'),
    },
    { say: 'permanent.6' },
  ],
  storm: [
    {
      say: 'storm.1',
      act: () => Promise.all(HERE.map((breaker) => trip(breaker, 'under-voltage'))),
      done: noted('storm.began'),
    },
    { say: 'storm.2', as: 'yi', chat: 'telegram', done: noted('storm.acknowledged') },
    {
      say: 'storm.3',
      act: () =>
        Promise.all(HERE.map((breaker) => deed({ do: 'switch', breaker, circuit: 'power', to: 'closed' }))),
      done: noted('incident.resolved'),
    },
    { say: 'storm.4' },
  ],
  stranger: [
    { say: 'stranger.1', act: () => trip(FEEDER, 'leakage'), done: noted('incident.opened') },
    { say: 'stranger.2', as: 'stranger', chat: 'telegram', done: noted('reclose.refused') },
    { say: 'stranger.3', as: 'guest', chat: 'dingtalk', done: noted('reclose.refused', ['访客', 'Guest']) },
    { say: 'stranger.4' },
  ],
}
