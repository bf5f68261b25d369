import { checkAlarms, countDoubles, type Doubles } from '../chaos/check-alarms.ts'
import { countConnections } from '../chaos/check-connections.ts'
import { checkOutcomes } from '../chaos/check-outcomes.ts'
import { checkPositions } from '../chaos/check-positions.ts'
import { checkStorms } from '../chaos/check-storms.ts'
import { checkControl, checkEnds } from '../chaos/check-switching.ts'
import type { Kept } from '../chaos/state.ts'
import type { Violation } from '../chaos/verdict.ts'
import { verifyChain } from '../src/store/audit-chain.ts'
import type { Befallen } from './befall.ts'
import { staleCards, toViolation } from './check-chats.ts'
import { checkLog } from './check-log.ts'
import { checkProcess } from './check-process.ts'
import { isOfThePlan, lostAnswerAt } from './excuses.ts'
import { countThrottled, type Throttled } from './throttled.ts'
import type { SoakFacts, SoakVerdict } from './verdict.ts'

/** What came of it, from what the simulators saw, what the process held and what the service has written down. */
export function judgeSoak(facts: SoakFacts): SoakVerdict {
  const doubles = countDoubles(facts, (one) => lostAnswerAt(facts.befallen, one) !== undefined)
  const log = checkLog(facts.log, facts.secrets)
  const inProcess = checkProcess(facts.process)
  const throttled = countThrottled(facts.traffic)
  const inChats = checkChats(facts)
  const dead = checkDead(facts)
  return {
    counts: {
      ...countWork(facts),
      ...countRepeated(facts, doubles),
      ...countBy(
        'wrong where the plan shut a group or deleted a card',
        inChats.excused.map((one) => one.rule),
      ),
      ...countBy(
        'messages given up',
        dead.excused.map((one) => one.what),
      ),
      ...countBy('expected errors in the log', log.expected),
      ...Object.fromEntries(Object.entries(throttled).map(countOf)),
      ...inProcess.counts,
    },
    violations: [
      ...inChats.broken,
      ...doubles.violations,
      ...checkControl(facts),
      ...checkPositions(facts),
      ...checkKicks(facts),
      ...dead.broken,
      ...checkChain(facts),
      ...log.violations,
      ...inProcess.violations,
      ...Object.entries(throttled).filter(isTooMuch).map(overLimit),
    ],
  }
}

function countWork({ befallen, ledger, kept, standing, fleet }: SoakFacts): SoakVerdict['counts'] {
  return {
    trips: ledger.trips.length,
    incidents: kept.incidents.length,
    storms: kept.storms.length,
    'incidents on the card of a storm': kept.incidents.filter((one) => one.storm).length,
    'orders at the cloud': fleet.cloud.commands.length,
    ...countBy(
      'deeds of people',
      ledger.deeds.map((one) => `${one.platform}, ${'line' in one.by ? 'typed' : 'pressed'}`),
    ),
    ...countBy(
      'messages',
      standing.map((one) => one.platform),
    ),
    faults: befallen.length,
    ...countFaults(befallen),
    'connections of the WeCom bot': countConnections({ fleet }).made,
    'connections to DingTalk': fleet.dingtalk.counters.opens,
  }
}

/** How often each happened, and by how many calls it was met. */
function countFaults(befallen: readonly Befallen[]): Record<string, string> {
  const kinds = Map.groupBy(befallen, ({ side, kind }) => `fault: ${side}: ${kind.name}`)
  const sorted = [...kinds].sort(([a], [b]) => a.localeCompare(b))
  return Object.fromEntries(
    sorted.map(([name, all]) => {
      const met = all.reduce((sum, one) => sum + (one.met ?? 0), 0)
      return [name, all[0]!.met === undefined ? `${all.length}` : `${all.length}, met by ${met} calls`]
    }),
  )
}

function countRepeated({ befallen }: SoakFacts, { cards, texts, explained }: Doubles): SoakVerdict['counts'] {
  const reasons = explained.map((one) => {
    const { side, kind } = lostAnswerAt(befallen, one)!
    return `${side}: ${kind.name}`
  })
  return { 'cards twice': cards, ...countBy('card twice after', reasons), 'texts twice': texts }
}

/** How often each comes, most often first. */
function countBy(what: string, names: readonly string[]): Record<string, number> {
  const counted = [...Map.groupBy(names, (one) => one)].map(
    ([name, all]) => [`${what}: ${name}`, all.length] as const,
  )
  return Object.fromEntries(counted.sort((a, b) => b[1] - a[1]))
}

/** Alarms, ends and convergence in every chat; apart from those are chats that refused for good for a while. */
function checkChats(facts: SoakFacts): { excused: Violation[]; broken: Violation[] } {
  const all = [
    ...checkAlarms(facts),
    ...checkEnds(facts),
    ...checkOutcomes(facts),
    ...staleCards(facts).map(toViolation),
    ...checkStorms(facts),
  ]
  const { excused, broken } = split(all, (one) => isOfThePlan(facts.befallen, one))
  return { excused, broken: [...broken, ...unheard(facts)] }
}

/** Whatever is shut: each alarm stands in some chat of its room. */
function unheard({ kept, standing }: SoakFacts): Violation[] {
  const heard = new Set(standing.map((one) => one.card?.id))
  return kept.incidents
    .filter(({ id, storm }) => storm === undefined && !heard.has(id))
    .map((incident) => ({
      rule: 'alarms',
      what: `incident ${incident.id} of ${incident.breaker} stands in no chat at all`,
      evidence: incident,
    }))
}

/** A text whose outcome stays unknown is repeated once only; of cards none is given up but where the chat was shut. */
function checkDead({ kept, befallen }: SoakFacts): { excused: Violation[]; broken: Violation[] } {
  const all = kept.dead.map((job) => ({ rule: 'given up', what: wordFor(job), evidence: job }))
  const chats = befallen.flatMap((one) => (one.kind.shuts ? `${one.side}:${one.chat}` : []))
  return split(
    all,
    ({ evidence: { id } }) => !id.startsWith('card:') || chats.some((chat) => id.includes(chat)),
  )
}

/** Without what is another each time. */
const wordFor = ({ id, why }: Kept['dead'][number]): string =>
  `${id.split(':', 1)[0]}, ${why.replace(/\S*\d{3}\S*\s?/g, '').slice(0, 60)}`

function split<T>(all: readonly T[], isExcused: (one: T) => boolean): { excused: T[]; broken: T[] } {
  const { excused = [], broken = [] } = Object.groupBy(all, (one) => (isExcused(one) ? 'excused' : 'broken'))
  return { excused, broken }
}

/** None of the bot's connections is thrown out by another but where the plan did it. */
function checkKicks({ fleet, befallen }: SoakFacts): Violation[] {
  const { kicked } = countConnections({ fleet })
  const planned = befallen.filter((one) => one.kind.kicks).length
  if (kicked <= planned) return []
  const what = `connections of the WeCom bot were thrown out ${kicked} times, ${planned} of them by the plan`
  return [{ rule: 'connections', what, evidence: { kicked, planned } }]
}

function checkChain({ kept }: SoakFacts): Violation[] {
  const verdict = verifyChain(kept.audit, kept.auditStart)
  return verdict.intact ? [] : [{ rule: 'audit', what: verdict.why, evidence: verdict }]
}

/**
 * Of what a platform was sent, so much may be throttled by our doing, beside a few in a short run: what a lost answer
 * hides still counts there. A service that only waits as it is told to, and keeps no budget of its own, meets a fifth.
 */
const THROTTLED = { share: 0.03, few: 5 }

const isTooMuch = ([, { sent, throttled }]: [string, Throttled]) =>
  throttled > THROTTLED.few + sent * THROTTLED.share

const countOf = ([side, { sent, throttled }]: [string, Throttled]): [string, string] => [
  `${side}: throttled by our doing`,
  `${throttled} of ${sent}`,
]

const overLimit = ([side, count]: [string, Throttled]): Violation => ({
  rule: 'limits',
  what: `${side} throttled ${count.throttled} of ${count.sent} messages by our doing`,
  evidence: count,
})
