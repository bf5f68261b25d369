import type { Forecast, Foreseen, ForeseenPerson } from './foresee.ts'
import { longLasting, type Message, message } from './message.ts'

/** So many beginnings of rounds that are all alike are named. */
const NAMED = 5

/** What is done at one time of a round. */
interface Moment {
  after: number
  items: Message[]
}

/** A forecast in lines: the card, each step of each round (rounds that are alike in one line), and how it ends. */
export function forecastLines({ policy, ackTimeout, steps }: Forecast): Message[] {
  const card = message('plan.card')
  if (policy === undefined) return [card, message('plan.no-policy')]
  const rounds = [...Map.groupBy(steps, (one) => one.round).values()].map(momentsOf)
  return [
    card,
    ...roundLines(rounds),
    ackTimeout > 0 ? message('plan.ack-until', { after: longLasting(ackTimeout) }) : message('plan.ack'),
  ]
}

const momentsOf = (steps: Foreseen[]): Moment[] =>
  [...Map.groupBy(steps, (one) => one.after)].map(([after, some]) => ({
    after,
    items: some.flatMap(itemsOf),
  }))

function roundLines(rounds: Moment[][]): Message[] {
  const lines: Message[] = []
  let alike: number[] = []
  const flush = () => {
    if (alike.length > 0) lines.push(againLine(alike))
    alike = []
  }
  rounds.forEach((round, index) => {
    if (index > 0 && shapeOf(round) === shapeOf(rounds[index - 1]!)) {
      alike.push(round[0]!.after)
      return
    }
    flush()
    lines.push(...round.map(momentLine))
  })
  flush()
  return lines
}

/** The same for rounds that differ only in when they begin. */
const shapeOf = (round: Moment[]): string =>
  JSON.stringify(round.map(({ after, items }) => [after - round[0]!.after, items]))

const momentLine = ({ after, items }: Moment): Message =>
  after === 0
    ? message('plan.at-once', { items })
    : message('plan.after', { after: longLasting(after), items })

function againLine(begins: number[]): Message {
  const named = begins.slice(0, NAMED).map(longLasting)
  const values = { count: begins.length, times: named }
  return begins.length > NAMED
    ? message('plan.again-more', { ...values, last: longLasting(begins.at(-1)!) })
    : message('plan.again', values)
}

function itemsOf(one: Foreseen): Message[] {
  switch (one.what) {
    case 'remind':
      return [
        one.people.length === 0
          ? message('plan.remind')
          : message('plan.remind-people', { people: one.people.map(({ name }) => `@${name}`).join(' ') }),
      ]
    case 'call':
      return one.people.flatMap(callItems)
    case 'mail':
      return [message(one.missing ? 'plan.mail-missing' : 'plan.mail', { to: one.to })]
    case 'webhook':
      return [message(one.missing ? 'plan.webhook-missing' : 'plan.webhook', { to: one.to })]
    case 'nobody':
      return [
        message('drill.did-nobody', {
          wanted: typeof one.wanted === 'string' ? message(`target.${one.wanted}`) : one.wanted.person,
          instead: one.instead.join(', ') || message('escalation.no-one'),
        }),
      ]
  }
}

function callItems({ name, ways, missing }: ForeseenPerson): Message[] {
  const named = (list: ForeseenPerson['ways']) => list.map((way) => message(`way.${way}`))
  const how =
    ways.length === 0
      ? message('plan.call-no-way', { person: name })
      : message('plan.call', { person: name, ways: named(ways) })
  return missing.length === 0
    ? [how]
    : [how, message('plan.call-missing', { person: name, ways: named(missing) })]
}
