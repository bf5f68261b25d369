import type { Keep } from '../keep.ts'
import type { AuditTable } from './audit.ts'
import type { Backlog } from './backlog.ts'
import type { Chore } from './chore.ts'
import type { DocumentTable } from './documents.ts'
import type { LeaseTable } from './leases.ts'
import type { SpendTable } from './spends.ts'

/** How many rows one step drops, or looks at, at most. */
const STEP = 200
const LOOK = 2000

interface Parts {
  backlog: Backlog
  documents: DocumentTable
  audit: AuditTable
  /** Of measured values. */
  ageing: Chore[]
  leases: LeaseTable
  spends: SpendTable
  keep: Keep
}

/** Everything that keeps the store from growing. */
export function createChores({ backlog, documents, audit, ageing, leases, spends, keep }: Parts): Chore[] {
  return [
    (now) => {
      backlog.forgetPauses(now)
      return false
    },
    forgettingEnded(backlog),
    dropping(keep.deadJobs, (before) => backlog.forgetDead(before, STEP)),
    dropping(keep.audit, (before) => audit.drop(before, STEP)),
    dropping(0, (now) => leases.forget(now, STEP)),
    dropping(0, (now) => spends.forget(now, STEP)),
    ...Object.entries(keep.documents).map(([kind, age]) =>
      dropping(age, (before) => documents.drop(kind, before, STEP)),
    ),
    ...ageing,
  ]
}

/** A chore that drops what is older than an age, until a step finds less than it may drop. */
function dropping(age: number, drop: (before: number) => number): Chore {
  return (now) => drop(now - age) === STEP
}

function forgettingEnded(backlog: Backlog): Chore {
  let after: string | undefined
  return (now) => {
    after = backlog.forgetEnded(now, after ?? '', LOOK)
    return after !== undefined
  }
}
