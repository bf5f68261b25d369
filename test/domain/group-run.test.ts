import { describe, expect, test } from 'vitest'
import { AT_ONCE, countOf, missed, reached } from '../../src/domain/group-run.ts'
import { message } from '../../src/domain/message.ts'
import { type Group, pumps, tellGroup } from './support/group.ts'
import { CHIEF, JIA, STRANGER, VIEWER, YI } from './support/site.ts'

/** A group whose breakers have all been heard of. */
function known(count: number, position: 'open' | 'closed', to: 'open' | 'closed', ...rest: unknown[]): Group {
  const group = tellGroup(pumps(count), to, ...(rest as []))
  for (const { id } of pumps(count)) group.push(id, { kind: 'state', positions: { power: position } })
  return group
}

/** Opened by our own command, so that the same person may close it again alone. */
function openedBy(person: string, count: number): Group {
  const group = known(count, 'closed', 'closed')
  for (const { id } of pumps(count)) group.ask(person, id, 'open')
  group.settle(0)
  group.commands.length = 0
  return group
}

const standings = (group: Group) => group.run().steps.map((one) => one.standing)
const keysOf = (group: Group) =>
  group.run().steps.map((one) => one.why?.map((why) => why.key).join(' ') ?? one.standing)

describe('full off', () => {
  test('opens nothing before the one who asked has confirmed it, and then everything once', () => {
    const group = known(45, 'closed', 'open')
    expect(group.start(JIA)).toMatchObject({ refused: false, text: { key: 'run.asked-open' } })
    group.settle(10_000)
    expect(group.commands).toEqual([])
    expect(group.say(YI, 'confirm')).toMatchObject({ refused: true, text: { key: 'run.only-asker' } })
    expect(group.say(VIEWER, 'confirm')).toMatchObject({ refused: true, text: { key: 'gate.role' } })
    expect(group.say(STRANGER, 'confirm')).toMatchObject({ refused: true, text: { key: 'ask.stranger' } })
    expect(group.say(JIA, 'confirm', { typed: false, nonce: 'old' })).toMatchObject({
      text: { key: 'ask.superseded-gone' },
    })
    expect(group.say(JIA, 'confirm')).toMatchObject({ refused: false, text: { key: 'run.begun-open' } })
    expect(countOf(group.run(), 'begun')).toBe(AT_ONCE)
    group.settle()
    expect(group.commands).toHaveLength(45)
    expect(new Set(group.commands.map((one) => one.device)).size).toBe(45)
    expect([group.run().stage, reached(group.run()), missed(group.run())]).toEqual(['ended', 45, 0])
  })

  test('leaves the opening in the name of the one who asked, marked as a full off', () => {
    const group = known(1, 'closed', 'open')
    group.start(JIA)
    group.say(JIA, 'confirm')
    group.settle()
    expect(group.opening('9000')).toEqual({
      by: 'command',
      actor: { person: JIA, channel: 'telegram' },
      fullOff: true,
    })
  })

  test('names one by one what came to nothing, and counts what was open already as done', () => {
    const group = tellGroup(pumps(5), 'open', (device) => ({
      outcome:
        device === '9003'
          ? { result: 'refused', why: message('operation.refused', { why: '5003' }) }
          : { result: 'taken' },
      moves: device !== '9004' && device !== '9003',
    }))
    for (const { id } of pumps(5)) group.push(id, { kind: 'state', positions: { power: 'closed' } })
    group.push('9001', { kind: 'order', positions: { power: 'open' } })
    group.push('9002', { kind: 'offline' })
    group.start(JIA)
    expect(group.run().steps.map((one) => one.seen)).toEqual([
      undefined,
      'already',
      'offline',
      undefined,
      undefined,
    ])
    group.say(JIA, 'confirm')
    group.settle()
    expect(keysOf(group)).toEqual([
      'done',
      'already',
      'gate.offline',
      'operation.refused',
      'operation.not-confirmed',
    ])
    expect([reached(group.run()), missed(group.run())]).toEqual([2, 3])
    expect(group.commands.map((one) => one.device)).toEqual(['9000', '9003', '9004'])
  })

  test('is void after a minute without the confirming step', () => {
    const group = known(2, 'closed', 'open')
    group.start(JIA)
    group.settle(60_000)
    expect(group.run().stage).toBe('expired')
    expect(group.say(JIA, 'confirm')).toMatchObject({ refused: true, text: { key: 'run.nothing' } })
    expect(group.commands).toEqual([])
  })

  test('may be asked for by nobody who may not open, nor twice at a time', () => {
    const group = known(2, 'closed', 'open')
    expect(group.start(VIEWER)).toMatchObject({ refused: true, text: { key: 'gate.role' } })
    group.start(JIA)
    group.say(JIA, 'confirm')
    expect(group.start(YI, [group.run()])).toMatchObject({ refused: true, text: { key: 'run.other' } })
  })

  test('goes on after a short pause, and not after a long one', () => {
    const [short, long] = [known(AT_ONCE + 5, 'closed', 'open'), known(AT_ONCE + 5, 'closed', 'open')]
    for (const [group, away] of [
      [short, 30_000],
      [long, 100_000],
    ] as const) {
      group.start(JIA)
      group.say(JIA, 'confirm')
      group.pass(away)
      group.settle()
    }
    expect(reached(short.run())).toBe(AT_ONCE + 5)
    expect(countOf(long.run(), 'void')).toBe(5)
    expect(long.run()).toMatchObject({ stage: 'ended', stopped: { key: 'run.late' } })
  })

  test('stops where control is switched off, also when it is on again', () => {
    const group = known(AT_ONCE + 5, 'closed', 'open')
    group.start(JIA)
    group.say(JIA, 'confirm')
    group.pass(1)
    group.switchOff()
    group.switchOff(true)
    group.settle()
    expect(countOf(group.run(), 'void')).toBe(5)
    expect(group.run().stopped?.key).toBe('gate.actuation-off')
  })

  test('ends and says so where nothing is ever heard of a step', () => {
    const group = known(2, 'closed', 'open')
    group.start(JIA)
    group.say(JIA, 'confirm')
    // The steps get lost; only the run's own timers come.
    const watch = () => group.tell({ type: 'run-lapsed' })
    group.pass(100_000)
    watch()
    expect(group.run().stage).toBe('running')
    group.pass(100_000)
    watch()
    expect(keysOf(group)).toEqual(['run.no-word', 'run.no-word'])
    expect(group.run().stage).toBe('ended')
  })
})

describe('closing a group', () => {
  test('goes one by one, the next not before the pause is over', () => {
    const group = openedBy(JIA, 4)
    group.start(JIA)
    group.say(JIA, 'confirm')
    group.settle()
    const times = group.commands.map((one) => one.at - group.commands[0]!.at)
    expect(times).toEqual([0, 5000, 10_000, 15_000])
    expect([group.run().stage, reached(group.run())]).toEqual(['ended', 4])
  })

  test('skips and names what the gate refuses, without a pause, and waits for second persons beside it', () => {
    const group = openedBy(JIA, 5)
    group.push('9000', {
      name: 'trip',
      mover: 'trip',
      positions: { power: 'open' },
      fault: { cause: 'short-circuit', raw: '短路' },
    })
    group.push('9001', { kind: 'offline' })
    group.push('9002', {
      name: 'trip',
      mover: 'trip',
      positions: { power: 'open' },
      fault: { cause: 'leakage', raw: '漏电' },
    })
    group.start(JIA)
    group.say(JIA, 'confirm')
    group.settle(0)
    expect(group.commands.map((one) => one.device)).toEqual(['9003'])
    expect(keysOf(group)).toEqual(['gate.short-circuit', 'gate.offline', 'second-person', 'done', 'waiting'])
    expect(group.ask(JIA, '9002', 'confirm')).toMatchObject({ text: { key: 'confirm.needs-other' } })
    group.ask(YI, '9002', 'confirm')
    group.settle()
    expect(standings(group)).toEqual(['refused', 'refused', 'done', 'done', 'done'])
    expect(group.run().stage).toBe('ended')
  })

  test('names the one whom nobody else confirmed', () => {
    const group = openedBy(YI, 1)
    group.start(JIA)
    group.say(JIA, 'confirm')
    group.settle()
    expect(standings(group)).toEqual(['failed'])
    expect(group.commands).toEqual([])
  })

  test('is stopped by anybody who may act, at any time, and says by whom', () => {
    const group = openedBy(JIA, 4)
    group.start(JIA)
    group.say(JIA, 'confirm')
    group.settle(6000)
    expect(group.commands).toHaveLength(2)
    expect(group.say(VIEWER, 'cancel')).toMatchObject({ refused: true })
    expect(group.say(YI, 'cancel')).toMatchObject({ refused: false, text: { key: 'run.stopped' } })
    group.settle()
    expect(group.commands).toHaveLength(2)
    expect(standings(group)).toEqual(['done', 'done', 'void', 'void'])
    expect(group.run().stopped).toEqual(message('run.stopped-by', { person: YI }))
    expect(group.say(CHIEF, 'cancel')).toMatchObject({ refused: true, text: { key: 'run.nothing' } })
  })

  test('can be dropped before it is confirmed', () => {
    const group = openedBy(JIA, 2)
    group.start(JIA)
    expect(group.say(YI, 'cancel')).toMatchObject({ text: { key: 'run.cancelled' } })
    group.settle()
    expect(group.commands).toEqual([])
    expect(group.run().stage).toBe('cancelled')
  })

  test('stops where a full off goes the other way', () => {
    const group = openedBy(JIA, 3)
    group.start(JIA)
    group.say(JIA, 'confirm')
    group.settle(0)
    group.tell({ type: 'run-halted', why: message('run.full-off', { person: YI, place: '一号鱼塘' }) })
    group.settle()
    expect(group.commands).toHaveLength(1)
    expect(standings(group)).toEqual(['done', 'void', 'void'])
  })

  test('that waits to be confirmed is void where a full off goes the other way', () => {
    const group = openedBy(JIA, 2)
    group.start(JIA)
    group.tell({ type: 'run-halted', why: message('run.full-off', { person: YI, place: '一号鱼塘' }) })
    expect(group.say(JIA, 'confirm')).toMatchObject({ refused: true, text: { key: 'run.nothing' } })
    expect(group.run().stage).toBe('cancelled')
  })
})

test('a person who may not act any more is refused by every breaker, though the run was confirmed', () => {
  const group = known(2, 'closed', 'open')
  group.start(JIA)
  group.say(JIA, 'confirm')
  group.dismiss(JIA)
  group.settle()
  expect(group.commands).toEqual([])
  expect(keysOf(group)).toEqual(['ask.stranger', 'ask.stranger'])
})

test('an older word of a step changes nothing, a late one of what was given up does', () => {
  const group = known(1, 'closed', 'open')
  group.start(JIA)
  group.say(JIA, 'confirm')
  const told = (stage: 'sent' | 'done' | 'unconfirmed', version: number) =>
    group.tell({
      type: 'run-told',
      breaker: '9000',
      circuit: 'power',
      told: { stage, operation: 'x', version },
    })
  told('unconfirmed', 3)
  told('sent', 2)
  expect([standings(group), group.run().stage]).toEqual([['unconfirmed'], 'ended'])
  told('done', 4)
  expect([standings(group), reached(group.run())]).toEqual([['done'], 1])
})
