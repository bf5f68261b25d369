import type { Alarm } from './alarm.ts'
import type { Drill, DrillCard, DrillTry, DrillWay } from './drill.ts'
import type { Deed } from './escalation.ts'
import { lasting, type Message, message } from './message.ts'
import { reasonOf } from './reason.ts'

/** The lines that tell a room how a drill went. */
export function drillResult(
  { title, drill }: Alarm & { drill: Drill },
  cards: readonly DrillCard[],
): Message[] {
  const { steps, acks, policy } = drill
  const failures = drillFailures(drill, cards)
  return [
    failures === 0
      ? message('drill.result-well', { title })
      : message('drill.result-ill', { title, count: failures }),
    message('drill.result-cards', { items: cards.map(ofCard) }),
    ...(policy === undefined ? [message('drill.result-no-policy')] : []),
    ...steps.map(({ after, deeds }, index) =>
      message('drill.result-step', {
        number: index + 1,
        after: lasting(after),
        items: didIn(drill, cards, deeds, index),
      }),
    ),
    acks.length === 0
      ? message('drill.result-no-acks')
      : message('drill.result-acks', {
          items: acks.map(({ person, after }) =>
            message('drill.result-ack', { person, seconds: Math.round(after / 1000) }),
          ),
        }),
    ...missingLines(drill),
  ]
}

/** How much of what was to arrive somewhere has not. */
export function drillFailures(drill: Drill, cards: readonly DrillCard[]): number {
  const unshown = cards.filter((one) => !one.shown).length + (cards.length === 0 ? 1 : 0)
  const untold = drill.steps.flatMap(({ deeds }, index) =>
    deeds.flatMap((deed) => triesOf(drill, cards, deed, index)).filter((tries) => !hasArrived(tries)),
  )
  return unshown + untold.length
}

const hasArrived = (tries: readonly DrillTry[]): boolean =>
  tries.some(({ outcome }) => outcome === 'delivered')

/** The tries for each of those whom a deed was to tell; empty: no word came of it. */
function triesOf({ tries }: Drill, cards: readonly DrillCard[], deed: Deed, step: number): DrillTry[][] {
  const by = (way: DrillWay, to: string) => tries.filter((one) => one.way === way && one.to === to)
  switch (deed.do) {
    case 'remind':
      return cards.map(({ channel }) => by('remind', channel).filter((one) => one.step === step))
    case 'summon':
      return [tries.filter((one) => one.to === deed.person && one.step === undefined)]
    case 'mail':
      return [by('mail', deed.to).filter((one) => one.step === step)]
    case 'hook':
      return [by('webhook', deed.hook)]
    case 'nobody':
      return []
  }
}

/** What a step has done; one that only brings the card has no deeds. */
function didIn(drill: Drill, cards: readonly DrillCard[], deeds: Deed[], step: number): Message[] {
  const did = deeds.flatMap((deed) => ofDeed(drill, cards, deed, step))
  return did.length > 0 ? did : [message('drill.did-nothing')]
}

function ofDeed(drill: Drill, cards: readonly DrillCard[], deed: Deed, step: number): Message[] {
  const all = triesOf(drill, cards, deed, step)
  switch (deed.do) {
    case 'remind':
      return cards.map(({ channel }, index) => {
        const values = { chat: message(`channel.${channel}`), outcome: ofTries(all[index]!) }
        const people = deed.people.map((name) => `@${name}`).join(' ')
        return people === ''
          ? message('drill.did-remind', values)
          : message('drill.did-remind-people', { ...values, people })
      })
    case 'summon':
      return [message('drill.did-call', { person: deed.person, outcome: ofTries(all[0]!, true) })]
    case 'mail':
      return [message('drill.did-mail', { to: deed.to, outcome: ofTries(all[0]!) })]
    case 'hook':
      return [message('drill.did-hook', { to: deed.hook, outcome: ofTries(all[0]!) })]
    case 'nobody': {
      const { wanted, instead } = deed
      return [
        message('drill.did-nobody', {
          wanted: typeof wanted === 'string' ? message(`target.${wanted}`) : wanted.person,
          instead: instead.join(', ') || message('escalation.no-one'),
        }),
      ]
    }
  }
}

/** What came of the tries for one of them, with the way where there are several. */
function ofTries(tries: readonly DrillTry[], withWay = false): Message[] {
  if (tries.length === 0) return [message('drill.no-word')]
  return tries.map((one): Message => {
    const outcome = outcomeOf(one)
    if (!withWay || one.way === undefined || one.way === 'remind') return outcome
    return message('drill.by-way', { way: message(`way.${one.way}`), outcome })
  })
}

function outcomeOf({ outcome, why = '' }: DrillTry): Message {
  switch (outcome) {
    case 'delivered':
      return message('drill.taken')
    case 'later':
    case 'refused':
      return message('drill.not-taken', { why: reasonOf(why) })
    case 'unknown':
      return message('drill.unsure', { why: reasonOf(why) })
    case 'no-way':
      return message('drill.no-way')
  }
}

const ofCard = ({ channel, shown }: DrillCard): Message =>
  message('drill.did-card', {
    chat: message(`channel.${channel}`),
    outcome: message(shown ? 'drill.taken' : 'drill.not-there'),
  })

/** Ways that somebody has an address for, and nobody has configured. */
function missingLines({ tries }: Drill): Message[] {
  const ways = [...new Set(tries.flatMap((one) => one.missing ?? []))]
  const items = ways.map((way) => {
    const people = tries.filter((one) => one.missing?.includes(way)).map((one) => one.to)
    return message('drill.way-of', {
      way: message(`way.${way}`),
      people: [...new Set(people)].join(', '),
    })
  })
  return items.length === 0 ? [] : [message('drill.result-missing', { items })]
}
