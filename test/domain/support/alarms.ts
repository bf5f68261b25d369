import type { Alarm, AlarmFacts } from '../../../src/domain/alarm.ts'
import { alarmCard } from '../../../src/domain/alarm-card.ts'
import type { Card } from '../../../src/domain/card.ts'
import {
  type AlarmAsk,
  type AlarmDecision,
  type AlarmEffect,
  type AlarmEvent,
  decideAlarm,
} from '../../../src/domain/decide-alarm.ts'
import { gapFacts } from '../../../src/domain/duty-gap.ts'
import { message } from '../../../src/domain/message.ts'
import type { Policy } from '../../../src/domain/policy.ts'
import { EIGHT, JIA, POLICY, PUMP, senderOf, YI } from './site.ts'

const MINUTE = 60_000

/** Three steps, gone through twice. */
export const ALARM_POLICY: Policy = {
  ...POLICY,
  duty: [{ room: PUMP.room, rota: [YI], handover: { weekday: 0, hour: 8, minute: 0 } }],
  escalations: {
    policies: {
      default: {
        name: 'default',
        ackTimeout: 30 * MINUTE,
        repeat: 1,
        repeatAfter: 5 * MINUTE,
        steps: [
          { after: 2 * MINUTE, mention: 'duty' },
          { after: 5 * MINUTE, call: 'duty', webhook: 'pager' },
          { after: 10 * MINUTE, call: 'all', mail: ['boss@example.com'] },
        ],
      },
    },
    rooms: {},
    sites: {},
    breakers: {},
  },
}

export const DRILL: AlarmFacts = {
  kind: 'drill',
  room: PUMP.room,
  site: PUMP.site,
  breaker: PUMP.id,
  by: JIA,
  severity: 'critical',
  title: message('drill.title', { what: PUMP.name }),
  notes: [message('drill.note'), message('drill.by', { person: JIA })],
}

export const NO_DUTY: AlarmFacts = gapFacts({ room: PUMP.room, from: EIGHT, isNow: true, unreachable: [YI] })
export const NO_DUTY_SOON: AlarmFacts = gapFacts({
  room: PUMP.room,
  from: EIGHT + 6 * 60 * MINUTE,
  isNow: false,
  unreachable: [],
})

export type AlarmStory = ReturnType<typeof tellAlarm>
type Timer = Extract<AlarmEffect, { do: 'timer' }>

/** One alarm, decided upon event by event as the engine does it: timers fire when they are due, each once. */
export function tellAlarm(policy: Policy = ALARM_POLICY) {
  let alarm: Alarm | undefined
  let now = EIGHT
  const waiting = new Map<string, Timer>()
  const fired: Timer[] = []
  const decisions: AlarmDecision[] = []

  function happen(event: AlarmEvent): AlarmDecision {
    const decision = decideAlarm(alarm, event, { id: 'alarm1random', policy, now })
    alarm = decision.alarm ?? alarm
    decisions.push(decision)
    for (const effect of decision.effects)
      if (effect.do === 'timer' && !fired.some((one) => one.id === effect.id)) waiting.set(effect.id, effect)
    return decision
  }

  function wait(ms: number): void {
    const end = now + ms
    for (;;) {
      const [next] = [...waiting.values()].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      waiting.delete(next.id)
      fired.push(next)
      now = Math.max(now, next.at)
      happen(next.event)
    }
    now = end
  }

  function ask(who: string, action: AlarmAsk['action'], more: Partial<AlarmAsk> = {}): AlarmDecision {
    const by = { channel: 'telegram', sender: senderOf(who), anonymous: false } as const
    return happen({ type: 'alarm-ask', action, ...by, ...more })
  }

  return {
    happen,
    wait,
    ask,
    raise: (facts: AlarmFacts) => happen({ type: 'raise', facts }),
    resolve: () => happen({ type: 'resolve', outcome: message('no-duty.over') }),
    alarm: () => alarm,
    card: (): Card => alarmCard(alarm!),
    waiting: () => [...waiting.values()],
    fired: () => fired,
    decisions: () => decisions,
  }
}

function told(facts: AlarmFacts, ...steps: ((story: AlarmStory) => unknown)[]): Card {
  const story = tellAlarm()
  story.raise(facts)
  for (const step of steps) {
    story.wait(12_000)
    step(story)
  }
  return story.card()
}

const ack = (story: AlarmStory) => story.ask(JIA, 'ack')
const ends = (outcome: 'delivered' | 'refused') => (story: AlarmStory) => {
  story.happen({ type: 'tried', tried: { way: 'voice', to: YI, outcome } })
  story.happen({ type: 'drill-ends', cards: [{ channel: 'telegram', shown: outcome === 'delivered' }] })
}

/** Alarms that are no breaker's in each of their states. */
export const ALARM_CARDS: readonly [string, Card][] = [
  ['no-duty', told(NO_DUTY)],
  ['no-duty-soon', told(NO_DUTY_SOON)],
  ['no-duty-acknowledged', told(NO_DUTY, ack)],
  ['no-duty-handed-over', told(NO_DUTY, ack, (story) => story.ask(JIA, 'handover', { to: YI }))],
  ['no-duty-lapsed', told(NO_DUTY, ack, (story) => story.wait(30 * MINUTE))],
  ['no-duty-resolved', told(NO_DUTY, ack, (story) => story.resolve())],
  ['drill-running', told(DRILL)],
  ['drill-acknowledged', told(DRILL, ack, (story) => story.ask(YI, 'ack'))],
  ['drill-over-well', told({ ...DRILL, room: 'elsewhere' }, ack, ends('delivered'))],
  ['drill-over-ill', told(DRILL, ends('refused'))],
]
