import type { Standing } from '../../chaos/chats.ts'
import { permitsIn, permitsOf } from '../../chaos/check-switching.ts'
import type { Kept } from '../../chaos/state.ts'
import type { Facts } from '../../chaos/verdict.ts'
import type { ThingbootSim } from '../../src/simulator/thingboot/api.ts'
import type { LoggedFrame } from '../../src/simulator/wecom/index.ts'

/** Facts of a good run with one thing made wrong, and the rule that must notice it. */
export interface Doctored {
  what: string
  rule: string
  doctor(facts: Facts): Facts
}

const withKept = (facts: Facts, kept: Partial<Kept>): Facts => ({
  ...facts,
  kept: { ...facts.kept, ...kept },
})

function withCloud(facts: Facts, change: Partial<ThingbootSim>): Facts {
  // Not spread out: a simulator that is closed has no address any more.
  const cloud: ThingbootSim = Object.create(facts.fleet.cloud, Object.getOwnPropertyDescriptors(change))
  return { ...facts, fleet: { ...facts.fleet, cloud } }
}

/** An order that reached the cloud, and the confirmed close (or asked open) that it was given by. */
function firstOrder({ fleet, kept }: Facts) {
  const pairs = permitsOf(fleet.cloud.commands, permitsIn(kept.audit))
  const [order, permit] = [...pairs].find(([one]) => one.outcome === 'accepted')!
  return { order, permit: permit! }
}

const isEndOf =
  (operation: unknown) =>
  (row: Kept['audit'][number]): boolean =>
    row.details?.operation === operation && /^operation\./.test(row.what)

/** An alarm with a card of its own whose trip the cloud knows to have been taken. */
function alarmOf({ ledger, kept }: Facts) {
  const alone = kept.incidents.filter((one) => one.storm === undefined)
  return alone.find((incident) =>
    ledger.trips.some(
      (trip) =>
        trip.push.outcome === 'delivered' &&
        trip.cause !== 'unknown' &&
        trip.breaker === incident.breaker &&
        trip.at === incident.openedAt,
    ),
  )!
}

const isCardOf = (id: string) => (one: Standing) => one.card?.id === id

export const DOCTORED: Doctored[] = [
  {
    what: 'an order comes twice',
    rule: 'control twice',
    doctor: (facts) =>
      withCloud(facts, { commands: [...facts.fleet.cloud.commands, firstOrder(facts).order] }),
  },
  {
    what: 'an order leaves that nobody confirmed',
    rule: 'unconfirmed control',
    doctor(facts) {
      const { row } = firstOrder(facts).permit
      return withKept(facts, { audit: facts.kept.audit.filter((one) => one !== row) })
    },
  },
  {
    what: 'an order leaves long after it was confirmed, and after any other of its breaker',
    rule: 'unconfirmed control',
    doctor(facts) {
      const { order } = firstOrder(facts)
      const commands = facts.fleet.cloud.commands.map((one) =>
        one === order ? { ...order, at: order.at + 600_000 } : one,
      )
      return withCloud(facts, { commands })
    },
  },
  {
    what: 'a close leaves although a short circuit was accepted before',
    rule: 'unsafe control',
    doctor(facts) {
      const close = facts.fleet.cloud.commands.find((one) => one.order?.power === '1')!
      const body = '{"data":{"state":{"power":"0","fault":"short-circuit"}}}'
      const at = close.at - 1500
      const [push] = facts.fleet.cloud.pushes
      const trip = {
        ...push!,
        device: close.devices[0]!,
        body,
        at,
        duration: 5,
        outcome: 'delivered',
      } as const
      return withCloud(facts, { pushes: [...facts.fleet.cloud.pushes, trip] })
    },
  },
  {
    what: 'the person never pressed',
    rule: 'unconfirmed control',
    doctor(facts) {
      const { row } = firstOrder(facts).permit
      const deeds = facts.ledger.deeds.filter((one) => one.breaker !== row.subject)
      return { ...facts, ledger: { ...facts.ledger, deeds } }
    },
  },
  {
    what: 'an accepted trip has no incident',
    rule: 'alarms',
    doctor(facts) {
      const { breaker } = alarmOf(facts)
      return withKept(facts, { incidents: facts.kept.incidents.filter((one) => one.breaker !== breaker) })
    },
  },
  {
    what: 'an alarm is missing in one chat',
    rule: 'alarms',
    doctor(facts) {
      const { platform } = facts.standing.find(isCardOf(alarmOf(facts).id))!
      const isLost = (one: Standing) => one.platform === platform && isCardOf(alarmOf(facts).id)(one)
      return { ...facts, standing: facts.standing.filter((one) => !isLost(one)) }
    },
  },
  {
    what: 'one push is acted upon twice',
    rule: 'acted twice',
    doctor(facts) {
      const again = { ...alarmOf(facts), id: 'another' }
      return withKept(facts, { incidents: [...facts.kept.incidents, again] })
    },
  },
  {
    what: 'a card stands twice where the platform knows it by its key',
    rule: 'doubles',
    doctor(facts) {
      const card = facts.standing.find((one) => one.card && one.platform === 'dingtalk')!
      return { ...facts, standing: [...facts.standing, card] }
    },
  },
  {
    what: 'an operation never ends',
    rule: 'ends',
    doctor(facts) {
      const isEnd = isEndOf(firstOrder(facts).permit.operation)
      return withKept(facts, { audit: facts.kept.audit.filter((row) => !isEnd(row)) })
    },
  },
  {
    what: 'a card goes on saying that the command is on its way',
    rule: 'ends',
    doctor(facts) {
      const text = '机101 跳闸\n合闸命令发送中'
      const stuck = { platform: 'dingtalk', chat: 'somewhere', at: Date.now(), text } as const
      return { ...facts, standing: [...facts.standing, stuck] }
    },
  },
  {
    what: 'it is told that nothing was sent, and the cloud had the order',
    rule: 'outcomes',
    doctor(facts) {
      const isEnd = isEndOf(firstOrder(facts).permit.operation)
      const audit = facts.kept.audit.map((row) => (isEnd(row) ? { ...row, what: 'operation.refused' } : row))
      return withKept(facts, { audit })
    },
  },
  {
    what: 'it is told that the contacts have moved, and they have not',
    rule: 'outcomes',
    doctor(facts) {
      const pushes = facts.fleet.cloud.pushes.filter((one) => !one.body.includes('"power":"1"'))
      return withCloud(facts, { pushes })
    },
  },
  {
    what: 'a breaker is believed to stand otherwise',
    rule: 'positions',
    doctor(facts) {
      const [id, state] = [...facts.kept.breakers][0]!
      const power = { ...state.circuits.power!, position: undefined }
      const { position: _, ...unknown } = power
      return withKept(facts, {
        breakers: new Map(facts.kept.breakers).set(id, { ...state, circuits: { power: unknown } }),
      })
    },
  },
  {
    what: 'two connections of one bot live at a time',
    rule: 'connections',
    doctor(facts) {
      const text = '{"body":{"event":{"eventtype":"disconnected_event"}}}'
      const kick: LoggedFrame = { at: Date.now(), conn: 1, direction: 'received', text }
      const { wecom } = facts.fleet
      const frames = () => [...wecom.frames(), kick]
      return { ...facts, fleet: { ...facts.fleet, wecom: { ...wecom, frames } } }
    },
  },
  {
    what: 'an entry of the audit is taken out',
    rule: 'audit',
    doctor: (facts) => withKept(facts, { audit: facts.kept.audit.toSpliced(10, 1) }),
  },
  {
    what: 'a job is given up',
    rule: 'given up',
    doctor: (facts) => withKept(facts, { dead: [{ id: 'card:1', why: 'refused' }] }),
  },
  {
    what: 'a message waits at the end',
    rule: 'rest',
    doctor: (facts) => withKept(facts, { waiting: new Map([['send-telegram', 1]]) }),
  },
]
