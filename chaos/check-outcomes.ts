import type { Operation } from '../src/domain/operation.ts'
import type { PushRecord } from '../src/simulator/thingboot/api.ts'
import type { AuditRow } from '../src/store/store.ts'
import { newestCards, type Permit, permitsIn, permitsOf } from './check-switching.ts'
import type { Facts, Violation } from './verdict.ts'

/** What is said of each operation is true: measured by what came to the cloud and how the contacts moved. */
export function checkOutcomes(facts: Facts): Violation[] {
  const { fleet, kept } = facts
  const permits = permitsIn(kept.audit)
  const sent = new Map(
    [...permitsOf(fleet.cloud.commands, permits)].map(([order, permit]) => [permit, order]),
  )
  const ends = Map.groupBy(kept.audit, (row) => row.details?.operation)
  const untrue = permits.flatMap((permit) => {
    const order = sent.get(permit)
    return (ends.get(permit.operation) ?? []).flatMap((row) => {
      if (row.what === 'operation.refused' && order?.outcome === 'accepted')
        return [
          untruth('is said not to have been sent, and the cloud took its order', permit, { row, order }),
        ]
      if (row.what === 'operation.done' && !stoodSo(fleet.cloud.pushes, permit, row))
        return [untruth('is said to be done, and the contacts never moved', permit, { row, order })]
      return []
    })
  })
  return [...untrue, ...untold(facts)]
}

function untruth(what: string, { row, to }: Permit, evidence: object): Violation {
  return {
    rule: 'outcomes',
    what: `the ${to === '1' ? 'close' : 'open'} of ${row.subject} at ${row.at} ${what}`,
    evidence,
  }
}

/** Clocks and the way of a report, ms. */
const LEEWAY = 1000

/** The contacts came to stand as the operation wanted, or stood so already; the cloud made a push of it, taken or not. */
function stoodSo(pushes: readonly PushRecord[], { row, to }: Permit, end: AuditRow): boolean {
  const told = pushes.filter(
    (one) => one.device === row.subject && one.at <= end.at + LEEWAY && one.body.includes('"power":"'),
  )
  const says = (one: PushRecord | undefined) => one?.body.includes(`"power":"${to}"`) ?? false
  return says(told.at(-1)) || told.some((one) => one.at >= row.at - LEEWAY && says(one))
}

/** How the card of an open incident names the end of its operation. */
const WORDS: Partial<Record<Operation['stage'], string>> = {
  failed: '合闸未成功',
  unconfirmed: '未得到断路器回报',
}

/** Each chat has been told how the last operation of an open incident ended. */
function untold({ standing, kept }: Facts): Violation[] {
  const cards = newestCards(standing)
  return [...kept.breakers.values()].flatMap(({ id, circuits }) =>
    Object.values(circuits).flatMap(({ incident, operation }) => {
      const word = operation && WORDS[operation.stage]
      if (word === undefined || incident === undefined || operation?.incident !== incident) return []
      return cards
        .filter((one) => one.card?.id === incident && one.platform !== 'wecom' && !one.text.includes(word))
        .map((card) => ({
          rule: 'outcomes',
          what: `a card in ${card.platform} does not say how the close of ${id} ended`,
          evidence: { card, operation },
        }))
    }),
  )
}
