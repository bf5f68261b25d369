import type { CallRecord, PushRecord } from '../src/simulator/thingboot/api.ts'
import type { AuditRow } from '../src/store/store.ts'
import type { Standing } from './chats.ts'
import { OPERATORS } from './fleet.ts'
import type { Deed } from './ledger.ts'
import { type Facts, type Violation, wasUnderWay } from './verdict.ts'

/** A command is void 10 s after it was confirmed; a little for its way to the cloud, ms. */
const VOID_AFTER = 10_250

/** A permission to switch, as the service wrote it down: a confirmed close, or an open, which needs no confirming. */
export interface Permit {
  row: AuditRow
  to: '1' | '0'
  operation: unknown
}

export function permitsIn(audit: readonly AuditRow[]): Permit[] {
  return audit.flatMap((row): Permit[] => {
    if (row.what === 'close.confirmed') return [{ row, to: '1', operation: row.details?.operation }]
    return row.what === 'open.asked' ? [{ row, to: '0', operation: row.details?.operation }] : []
  })
}

/** No reference reaches the cloud twice, each order has a permit of its own, and each permit a deed of a listed operator; no close meets a short circuit. */
export function checkControl({ fleet, ledger, kept }: Facts): Violation[] {
  const orders = fleet.cloud.commands
  const permits = permitsIn(kept.audit)
  return [
    ...twice(orders),
    ...unpermitted(orders, permits),
    ...unasked(permits, ledger.deeds),
    ...ontoShortCircuit(orders, fleet.cloud.pushes),
  ]
}

/** So long after a push was answered 200 it may still be on its way to being judged, ms. */
const JUDGED_WITHIN = 1000

/** No close leaves for a breaker whose short circuit was accepted, however busy the service was. */
function ontoShortCircuit(orders: readonly CallRecord[], pushes: readonly PushRecord[]): Violation[] {
  return orders
    .filter((order) => order.order?.power === '1')
    .flatMap((order) => {
      const last = pushes.findLast(
        (one) =>
          one.device === order.devices[0] &&
          one.at + one.duration < order.at - JUDGED_WITHIN &&
          one.body.includes('"power":"'),
      )
      if (last?.outcome !== 'delivered' || !last.body.includes('"short-circuit"')) return []
      const what = `a close of ${last.device} left after its short circuit had been accepted`
      return [{ rule: 'unsafe control', what, evidence: { order, last } }]
    })
}

function twice(orders: readonly CallRecord[]): Violation[] {
  return [...Map.groupBy(orders, (one) => one.extra)]
    .filter(([, copies]) => copies.length > 1)
    .map(([extra, copies]) => ({
      rule: 'control twice',
      what: `${extra} came ${copies.length} times`,
      evidence: copies,
    }))
}

/** For each order the permit that it was given by. */
export function permitsOf(
  orders: readonly CallRecord[],
  permits: readonly Permit[],
): Map<CallRecord, Permit | undefined> {
  const left = new Set(permits)
  return new Map(
    orders.map((order) => {
      const [breaker] = order.devices
      const permit = [...left].findLast(
        ({ row, to }) =>
          row.subject === breaker &&
          to === order.order?.power &&
          row.at <= order.at &&
          row.at >= order.at - VOID_AFTER,
      )
      if (permit) left.delete(permit)
      return [order, permit]
    }),
  )
}

function unpermitted(orders: readonly CallRecord[], permits: readonly Permit[]): Violation[] {
  return [...permitsOf(orders, permits)].flatMap(([order, permit]) => {
    if (permit && order.signature === 'valid') return []
    const [breaker] = order.devices
    const what = `an order to ${breaker} ${permit ? `with a signature that is ${order.signature}` : 'that nobody confirmed'}`
    return [{ rule: 'unconfirmed control', what, evidence: order }]
  })
}

function unasked(permits: readonly Permit[], deeds: readonly Deed[]): Violation[] {
  const operators = new Set(OPERATORS.map((one) => one.name))
  const left = new Set(deeds)
  return permits.flatMap(({ row, to }) => {
    const action = to === '1' ? 'confirm' : 'open'
    const deed = [...left].find(
      (one) =>
        one.breaker === row.subject && one.action === action && one.person === row.who && one.at <= row.at,
    )
    if (deed) left.delete(deed)
    if (deed && operators.has(row.who)) return []
    return [
      {
        rule: 'unconfirmed control',
        what: `«${row.who}» never asked for it on ${row.subject}`,
        evidence: row,
      },
    ]
  })
}

/** An operation that was confirmed has ended, and so it stands in the chats. */
export function checkEnds(facts: Facts): Violation[] {
  const { kept } = facts
  const ends = new Set(kept.audit.filter((row) => END.test(row.what)).map((row) => row.details?.operation))
  const open = permitsIn(kept.audit)
    .filter(({ operation }) => !ends.has(operation))
    .map(({ row }) => ({ rule: 'ends', what: `no end of an operation on ${row.subject}`, evidence: row }))
  const busy = [...kept.breakers.values()].flatMap(({ id, circuits }) =>
    Object.values(circuits)
      .flatMap(({ operation }) => operation ?? [])
      .filter(
        ({ stage, expiresAt }) =>
          stage === 'confirmed' || stage === 'sent' || (stage === 'asked' && isOver(expiresAt)),
      )
      .map((operation) => ({
        rule: 'ends',
        what: `${id} is «${operation.stage}» for ever`,
        evidence: operation,
      })),
  )
  return [...open, ...busy, ...stuckCards(facts)]
}

/** `tripped`: a close that ended by another trip. */
const END = /^operation\.(done|refused|unconfirmed|tripped)$/
const isOver = (at: number) => at < Date.now() - 5000

/** Cards must say how it ended; those that can be changed must not go on saying that a command is on its way. */
function stuckCards({ ledger, standing, kept }: Facts): Violation[] {
  const resolved = new Map(
    kept.incidents.filter((one) => one.status === 'resolved').map((one) => [one.id, one]),
  )
  return newestCards(standing).flatMap((card) => {
    const incident = resolved.get(card.card?.id ?? '')
    const isStuck = card.platform !== 'wecom' && UNDER_WAY.test(card.text) && !wasUnderWay(ledger, card.at)
    const isUnsaid = incident !== undefined && !saysEnd(standing, card, incident.openedAt)
    if (!isStuck && !isUnsaid) return []
    const what = `a card in ${card.platform} does not say how it ended: ${card.text.split('\n', 1)[0]}`
    return [{ rule: 'ends', what, evidence: { card, incident } }]
  })
}

/** An older card of the same matter may stay as it was. Cards without buttons do not say what they are about. */
export function newestCards(standing: readonly Standing[]): Standing[] {
  const byMatter = new Map(standing.map((one, index) => [`${one.chat} ${one.card?.id ?? index}`, one]))
  return [...byMatter.values()]
}

const UNDER_WAY = /命令发送中|命令已发出 .*等待断路器回报/
const OVER = /已合闸|已被新的告警取代|不是跳闸/

/** On the card itself, or, where cards cannot be changed, in a later message to the chat. */
function saysEnd(standing: readonly Standing[], card: Standing, openedAt: number): boolean {
  if (OVER.test(card.text)) return true
  if (card.platform !== 'wecom') return false
  const name = /机\d+/.exec(card.text)?.[0] ?? ''
  return standing.some(
    (one) => one.chat === card.chat && one.at >= openedAt && one.text.includes(name) && OVER.test(one.text),
  )
}
