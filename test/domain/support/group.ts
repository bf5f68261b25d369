import { askForRun } from '../../../src/domain/ask-run.ts'
import { type BreakerState, circuitState } from '../../../src/domain/breaker.ts'
import { decide } from '../../../src/domain/decide.ts'
import { decideRun } from '../../../src/domain/decide-run.ts'
import type { Reply } from '../../../src/domain/decision.ts'
import type { BreakerEvent, ControlOutcome, Effect } from '../../../src/domain/event.ts'
import type { GroupRun } from '../../../src/domain/group-run.ts'
import type { Incident } from '../../../src/domain/incident.ts'
import type { BreakerConfig, Policy } from '../../../src/domain/policy.ts'
import type { Position, Report } from '../../../src/domain/report.ts'
import type { RunAsk, RunEffect, RunEvent } from '../../../src/domain/run-event.ts'
import { CHAT, EIGHT, PEOPLE, POLICY, PUMP, report, senderOf } from './site.ts'

/** `count` breakers of one circuit each: 1号泵, 2号泵 … */
export const pumps = (count: number): BreakerConfig[] =>
  Array.from({ length: count }, (_, n) => ({ ...PUMP, id: String(9000 + n), name: `${n + 1}号泵` }))

type Switch = Extract<Effect, { do: 'switch' }>
interface Work {
  id: string
  lane: string
  at: number
  go(): void
}

export type Group = ReturnType<typeof tellGroup>

/**
 * A group of breakers and the run over it, decided like the engine does it: a lane for each breaker and one for the
 * run, each job once by its id. Which lane goes next, and what the cloud and the breakers answer, is the test's choice.
 */
export function tellGroup(
  configs: readonly BreakerConfig[],
  to: Position,
  answerTo: (device: string, command: Switch) => { outcome: ControlOutcome; moves: boolean } = () => ({
    outcome: { result: 'taken' },
    moves: true,
  }),
  changed: Partial<Policy> = {},
) {
  let policy: Policy = { ...POLICY, breakers: [...configs], ...changed }
  const states = new Map<string, BreakerState>()
  const incidents = new Map<string, Incident>()
  const commands: { device: string; to: Position; at: number }[] = []
  const taken = new Set<string>()
  const replies: Reply[] = []
  let waiting: Work[] = []
  let run: GroupRun | undefined
  let offAt: number | undefined
  let now = EIGHT
  let ids = 0
  const newId = () => `${String(++ids).padStart(5, '0')}random7`

  function add(work: Work): void {
    if (taken.has(work.id)) return
    taken.add(work.id)
    waiting.push(work)
  }

  function happen(config: BreakerConfig, event: BreakerEvent): Reply | undefined {
    const situation = { config, breaker: states.get(config.id), incidents: [...incidents.values()] }
    const decision = decide(situation, event, { policy, now, newId })
    states.set(config.id, decision.breaker)
    for (const one of decision.incidents) incidents.set(one.id, one)
    for (const effect of decision.effects) follow(config, effect)
    return decision.reply
  }

  function follow(config: BreakerConfig, effect: Effect): void {
    const lane = config.id
    const later = (id: string, at: number, event: BreakerEvent) =>
      add({ id, lane, at, go: () => void happen(config, event) })
    if (effect.do === 'timer') later(effect.id, effect.at, effect.event)
    if (effect.do === 'cancel-timer') waiting = waiting.filter((one) => one.id !== effect.id)
    if (effect.do === 'look-up') later(`look-up:${effect.operation}`, now, { type: 'looked-up', ...effect })
    if (effect.do === 'switch') send(config, effect)
    if (effect.do === 'tell-run') {
      const { circuit, told } = effect
      const id = `told:${config.id}:${circuit}:${told.operation}:${told.version}`
      add({ id, lane: 'run', at: now, go: () => tell({ type: 'run-told', breaker: lane, circuit, told }) })
    }
  }

  function send(config: BreakerConfig, effect: Switch): void {
    const { operation, ref } = effect
    commands.push({ device: config.id, to: effect.to, at: now })
    const { outcome, moves } = answerTo(config.id, effect)
    const event = { type: 'control-outcome', operation, outcome } as const
    add({ id: `outcome:${operation}`, lane: config.id, at: now, go: () => void happen(config, event) })
    if (!moves) return
    const moved = {
      id: `order:${operation}`,
      kind: 'order',
      positions: { power: effect.to },
      extra: ref,
    } as const
    add({ id: moved.id, lane: config.id, at: now, go: () => push(config.id, moved) })
  }

  function tell(event: RunEvent): Reply | undefined {
    const decision = decideRun(run!, event, { policy, now, newId, ...(offAt !== undefined && { offAt }) })
    run = decision.run
    for (const effect of decision.effects) followRun(effect)
    if (decision.reply) replies.push(decision.reply)
    return decision.reply
  }

  function followRun(effect: RunEffect): void {
    if (effect.do === 'timer')
      add({ id: effect.id, lane: 'run', at: effect.at, go: () => void tell(effect.event) })
    if (effect.do === 'cancel-timer') waiting = waiting.filter((one) => one.id !== effect.id)
    if (effect.do !== 'step') return
    const config = configs.find((one) => one.id === effect.breaker)!
    const ask = {
      type: 'ask',
      action: to === 'open' ? 'open' : 'reclose',
      channel: CHAT.channel,
      sender: run!.sender,
      anonymous: false,
      chat: CHAT,
      circuit: effect.circuit,
      typed: false,
    } as const
    add({
      id: `step:${effect.breaker}:${effect.circuit}`,
      lane: effect.breaker,
      at: now,
      go: () => void happen(config, { type: 'group-step', run: run!.id, ask }),
    })
  }

  let reports = 0
  function push(device: string, fields: Partial<Report>): void {
    const config = configs.find((one) => one.id === device)!
    happen(config, {
      type: 'report',
      report: report({ id: `push-${++reports}`, device, at: now, ...fields }),
    })
  }

  /** The first job of each lane that is due. */
  function due(): Work[] {
    const lanes = Map.groupBy(
      waiting.filter((one) => one.at <= now),
      (one) => one.lane,
    )
    return [...lanes.values()].map(([first]) => first!)
  }

  function step(choice: number): boolean {
    const ready = due()
    const next = ready[choice % ready.length]
    if (!next) return false
    waiting = waiting.filter((one) => one !== next)
    next.go()
    return true
  }

  return {
    push,
    step,
    tell,
    commands,
    replies,
    run: () => run!,
    now: () => now,
    operation: (device: string) => circuitState(states.get(device)!, 'power').operation,
    opening: (device: string) => circuitState(states.get(device)!, 'power').opening,
    position: (device: string) => circuitState(states.get(device)!, 'power').position,
    /** Somebody asks one breaker something himself. */
    ask: (person: string, device: string, action: 'open' | 'reclose' | 'confirm') =>
      happen(configs.find((one) => one.id === device)!, {
        type: 'ask',
        action,
        channel: CHAT.channel,
        sender: senderOf(person),
        anonymous: false,
        chat: CHAT,
        typed: true,
      }),
    start(person: string, others: GroupRun[] = []) {
      const asked = askForRun(
        {
          to,
          place: '一号鱼塘',
          breakers: configs.map((config) => ({ config, state: states.get(config.id) })),
          person: PEOPLE.find((one) => one.name === person)!,
          actor: { person, channel: CHAT.channel },
          sender: senderOf(person),
          chat: CHAT,
          others,
        },
        { policy, now, newId },
      )
      if (!('run' in asked)) return asked
      run = asked.run
      for (const effect of asked.effects) followRun(effect)
      return asked.reply
    },
    say: (person: string, action: RunAsk['action'], more: Partial<RunAsk> = {}) =>
      tell({
        type: 'run-ask',
        action,
        channel: CHAT.channel,
        sender: senderOf(person),
        anonymous: false,
        typed: true,
        ...more,
      }),
    switchOff(on = false): void {
      policy = { ...policy, actuation: on }
      if (!on) offAt = now
    },
    /** Takes a person out of the configuration. */
    dismiss(person: string): void {
      policy = { ...policy, people: policy.people.filter((one) => one.name !== person) }
    },
    /** Nothing runs for a while: the process is down. */
    pass(ms: number): void {
      now += ms
    },
    /** Lets everything happen that is to come, at its time. */
    settle(most = Number.POSITIVE_INFINITY): void {
      const end = now + most
      for (;;) {
        while (step(0)) {}
        const next = Math.min(...waiting.map((one) => one.at))
        if (next > end || waiting.length === 0) break
        now = Math.max(now, next)
      }
      if (Number.isFinite(end)) now = end
    },
  }
}
