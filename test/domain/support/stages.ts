import type { Card } from '../../../src/domain/card.ts'
import type { Position } from '../../../src/domain/report.ts'
import { runCard } from '../../../src/domain/run-card.ts'
import { QUIET, withAck } from '../../../src/domain/storm.ts'
import { stormCard } from '../../../src/domain/storm-card.ts'
import { ALARM_CARDS } from './alarms.ts'
import { type Group, pumps, tellGroup } from './group.ts'
import { waiting } from './reclosing.ts'
import { CHIEF, JIA, PUMP, TWIN, YI } from './site.ts'
import { type StormStory, tellStorm } from './storm.ts'
import { REFUSED, type Story, TAKEN, tellStory, tripped, UNKNOWN } from './story.ts'

/** Tells more of a story, and answers with it. */
function then(story: Story, ...steps: ((story: Story) => unknown)[]): Story {
  for (const step of steps) {
    step(story)
    story.wait(1000)
  }
  return story
}

const ack = (story: Story) => story.press(JIA, 'ack')
const reclose = (story: Story) => story.press(JIA, 'reclose')
const confirm = (story: Story) => story.press(JIA, 'confirm')
const taken = (story: Story) => story.outcome(TAKEN)
const noFeedback = (story: Story) => story.wait(10_000)
const open = (story: Story) => story.say(JIA, 'open')

/** An overload as one sees it coming: half a minute of readings, then the trip. */
function overload(): Story {
  const story = tellStory()
  for (const current of [31, 52.4, 62.8]) {
    story.closed({ readings: { current, voltage: 229.1, activePower: current * 228 } })
    story.wait(10_000)
  }
  story.trip('overload', { readings: { current: 63.1, voltage: 228.4, activePower: 14_400 } })
  story.wait(21_000)
  return story
}

const confirmed = (...steps: ((story: Story) => unknown)[]) =>
  then(overload(), ack, reclose, confirm, ...steps)
const closed = (...steps: ((story: Story) => unknown)[]) =>
  then(tellStory(), (story) => story.closed(), ...steps)

/** Every stage of an incident and of an operation, told from its beginning. */
export const STAGES: Record<string, Story> = {
  'trip-open': overload(),
  'trip-acknowledged': then(overload(), ack),
  'trip-asked': then(overload(), ack, reclose),
  'trip-confirmed': confirmed(),
  'trip-sent': confirmed(taken),
  'trip-closed': confirmed(taken, (story) => story.answered('closed')),
  'trip-expired': then(overload(), reclose, (story) => story.wait(60_000)),
  'trip-cancelled': then(overload(), reclose, (story) => story.press(YI, 'cancel')),
  'trip-refused': confirmed((story) => story.outcome(REFUSED)),
  'trip-no-answer': confirmed((story) => story.outcome(UNKNOWN)),
  'trip-not-confirmed': confirmed(taken, noFeedback, (story) => story.lookedUp('open')),
  'trip-went-offline': confirmed(
    taken,
    (story) => story.push({ kind: 'offline' }),
    noFeedback,
    (story) => story.lookedUp(undefined, false),
  ),
  'trip-again': confirmed(taken, (story) => story.trip('overload')),
  'trip-closed-by-hand': then(overload(), ack, (story) => story.closed({ kind: 'event', mover: 'hand' })),
  'leakage-after-overload': then(overload(), ack, (story) => story.trip('leakage')),
  'short-circuit': tripped('short-circuit'),
  'not-from-afar': tripped('over-temperature', { config: { ...PUMP, remoteClose: false } }),
  'short-circuit-unlocked': then(tripped('short-circuit'), (story) =>
    story.say(CHIEF, 'unlock', { reason: '已更换电缆，绝缘合格' }),
  ),
  'leakage-again': then(
    tripped('leakage'),
    reclose,
    (story) => story.press(YI, 'confirm'),
    taken,
    (story) => story.answered('closed'),
    (story) => story.wait(600_000),
    (story) => story.trip('leakage'),
  ),
  'locked-out': confirmed(
    taken,
    (story) => story.answered('closed'),
    (story) => story.wait(60_000),
    (story) => story.trip('overload'),
  ),
  'trip-held': then(
    overload(),
    (story) => story.say(JIA, 'hold', { reason: '检修水泵' }),
    (story) => story.say(YI, 'hold', { reason: '换电缆' }),
  ),
  'open-held': closed(
    open,
    taken,
    (story) => story.answered('open'),
    (story) => story.say(JIA, 'hold', { reason: '检修水泵' }),
  ),
  'reclose-waiting': waiting(),
  'reclose-sending': then(waiting(), (story) => story.wait(5000)),
  'reclose-closed': then(
    waiting(),
    (story) => story.wait(5000),
    taken,
    (story) => story.answered('closed'),
  ),
  'reclose-stopped': then(waiting(), (story) => story.press(YI, 'stop')),
  'reclose-refused': then(
    waiting(),
    (story) => story.push({ kind: 'offline' }),
    (story) => story.wait(5000),
  ),
  'reclose-lapsed': then(waiting(), (story) => story.sleep(60_000)),
  'reclose-locked-out': then(
    waiting(),
    (story) => story.wait(5000),
    taken,
    (story) => story.answered('closed'),
    (story) => story.trip('under-voltage'),
  ),
  'unknown-by-state': closed((story) => story.push({ kind: 'state', positions: { power: 'open' } })),
  'no-trip': closed(
    (story) => story.push({ kind: 'state', positions: { power: 'open' } }),
    (story) =>
      story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' }, at: story.now() - 2000 }),
  ),
  'found-by-reconciliation': closed(
    (story) => story.wait(600_000),
    (story) =>
      story.push({
        kind: 'state',
        asked: true,
        reconciled: { agreed: story.now() - 60_000 },
        positions: { power: 'open' },
      }),
  ),
  'unknown-word-asked': closed((story) => story.push({ name: 'E07', positions: { power: 'open' } }), reclose),
  'second-circuit': then(tellStory({ config: TWIN }), (story) =>
    story.push({ mover: 'trip', positions: { power2: 'open' }, fault: { cause: 'phase-loss', raw: '缺相' } }),
  ),
  'open-sending': closed(open),
  'open-sent': closed(open, taken),
  'open-done': closed(open, taken, (story) => story.answered('open')),
  'open-refused': closed(open, (story) => story.outcome(REFUSED)),
  'open-not-confirmed': closed(open, taken, noFeedback, (story) => story.lookedUp('closed')),
  'close-asked-second': closed(
    (story) => story.push({ kind: 'order', positions: { power: 'open' } }),
    (story) => story.say(JIA, 'reclose'),
  ),
  'close-overtaken': closed(
    (story) => story.push({ kind: 'order', positions: { power: 'open' } }),
    (story) => story.say(JIA, 'reclose'),
    (story) => story.closed(),
  ),
}

/** A group of six: one offline, one open already, one that the cloud refuses, one that does not report. */
function group(to: Position, ...steps: ((group: Group) => unknown)[]): Card {
  const told = tellGroup(pumps(6), to, (device) => ({
    outcome: device === '9002' ? REFUSED : TAKEN,
    moves: device !== '9002' && device !== '9003',
  }))
  for (const { id } of pumps(6)) told.push(id, { kind: 'state', positions: { power: 'closed' } })
  if (to === 'closed')
    for (const { id } of pumps(6)) told.push(id, { kind: 'order', positions: { power: 'open' } })
  told.push('9001', { kind: 'order', positions: { power: 'open' } })
  told.push('9004', { kind: 'offline' })
  told.start(JIA)
  for (const step of steps) step(told)
  return runCard(told.run())
}

const agree = (told: Group) => told.say(JIA, 'confirm')

/** Every stage of a group run. */
const GROUPS: [string, Card][] = [
  ['full-off-asked', group('open')],
  [
    'full-off-running',
    group(
      'open',
      agree,
      (told) => told.step(0),
      (told) => told.step(0),
    ),
  ],
  ['full-off-ended', group('open', agree, (told) => told.settle())],
  ['full-off-cancelled', group('open', (told) => told.say(YI, 'cancel'))],
  ['full-off-expired', group('open', (told) => told.settle(60_000))],
  ['group-close-asked', group('closed')],
  ['group-close-second-persons', group('closed', agree, (told) => told.settle(1000))],
  [
    'group-close-stopped',
    group(
      'closed',
      agree,
      (told) => told.say(YI, 'cancel'),
      (told) => told.settle(),
    ),
  ],
]

/** A dozen at two sites, the supply of one of them gone; one locked out, one offline. */
function storm(...steps: ((story: StormStory) => unknown)[]): Card {
  const breakers = pumps(12).map((one, n) => (n < 8 ? one : { ...one, site: '二号鱼塘' }))
  const story = tellStorm(breakers)
  for (const [n, { id }] of breakers.entries()) {
    const cause = n === 8 ? 'short-circuit' : n === 9 ? 'leakage' : 'under-voltage'
    const [positions, fault] = [{ power: 'open' } as const, { cause, raw: cause } as const]
    story.push(id, { positions, mover: 'trip', fault }, n > 1)
    story.wait(100)
  }
  story.push('9005', { kind: 'offline' })
  for (const step of [() => story.settle(), ...steps]) {
    story.wait(1000)
    step(story)
  }
  return stormCard(story.storm()!)
}

function acknowledgeAll(story: StormStory): void {
  const ack = { person: JIA, channel: 'telegram', at: story.now(), count: 10 } as const
  story.setStorm(withAck(story.storm()!, ack))
  for (const { breaker } of story.members()) story.ask(JIA, 'ack', breaker)
  story.settle()
}

function closeMost(story: StormStory): void {
  for (const n of [2, 3, 4, 5, 6, 7, 10, 11])
    story.push(String(9000 + n), { kind: 'state', positions: { power: 'closed' } })
  story.settle()
}

const pass = (story: StormStory) => {
  story.wait(QUIET)
  story.settle()
}

/** Every phase of a storm. */
const STORMS: [string, Card][] = [
  ['storm-collecting', storm()],
  ['storm-acknowledged', storm(acknowledgeAll)],
  ['storm-standing', storm(acknowledgeAll, pass)],
  ['storm-over', storm(acknowledgeAll, closeMost, pass)],
  [
    'storm-all-closed',
    storm(
      closeMost,
      (story) => story.push('9008', { kind: 'state', positions: { power: 'closed' } }),
      (story) => story.push('9009', { kind: 'state', positions: { power: 'closed' } }),
      pass,
    ),
  ],
]

/** The card of each stage. */
export const STAGE_CARDS: readonly [string, Card][] = [
  ...Object.entries(STAGES).map(([stage, story]): [string, Card] => [stage, story.card()]),
  ['superseded', STAGES['leakage-after-overload']!.cards()[0]!],
  ...GROUPS,
  ...STORMS,
  ...ALARM_CARDS,
]
