import { verifyChain } from '../src/store/audit-chain.ts'
import { checkAlarms, countDoubles } from './check-alarms.ts'
import { checkConnections } from './check-connections.ts'
import { checkOutcomes } from './check-outcomes.ts'
import { checkPositions } from './check-positions.ts'
import { checkStorms } from './check-storms.ts'
import { checkControl, checkEnds } from './check-switching.ts'
import { TIMED } from './rest.ts'
import type { Facts, Violation } from './verdict.ts'

export interface Verdict {
  /** What stands twice in the chats, and may. */
  doubles: { cards: number; texts: number }
  violations: Violation[]
}

/** What came of it, from what the simulators saw, what the runner did and what the service has written down. */
export function judge(facts: Facts): Verdict {
  const { cards, texts, violations } = countDoubles(facts)
  return {
    doubles: { cards, texts },
    violations: [
      ...checkAlarms(facts),
      ...checkStorms(facts),
      ...checkControl(facts),
      ...checkEnds(facts),
      ...checkOutcomes(facts),
      ...checkPositions(facts),
      ...checkConnections(facts),
      ...violations,
      ...facts.kept.dead.map((job) => ({ rule: 'given up', what: `${job.id}: ${job.why}`, evidence: job })),
      ...leftOver(facts),
      ...checkChain(facts),
    ],
  }
}

function checkChain({ kept }: Facts): Violation[] {
  const verdict = verifyChain(kept.audit, kept.auditStart)
  return verdict.intact ? [] : [{ rule: 'audit', what: verdict.why, evidence: verdict }]
}

/** Nothing is left to be done but timers: of confirming steps that nobody took, and looks whether an alarm was taken. */
function leftOver({ kept }: Facts): Violation[] {
  return [...kept.waiting]
    .filter(([queue, waiting]) => !TIMED.includes(queue) && waiting > 0)
    .map(([queue, waiting]) => ({
      rule: 'rest',
      what: `${waiting} jobs of «${queue}» wait at the end`,
      evidence: waiting,
    }))
}
