import type { Card } from './card.ts'
import type { CardTone } from './card-text.ts'
import { causeName } from './incident.ts'
import { dateTime, type Message, message, span } from './message.ts'
import { STORM_CARD, type Storm } from './storm.ts'
import type { Counted, StormTally } from './storm-tally.ts'

/** So many sites and causes stand in a row of the card. */
const MOST_IN_ROW = 4

/** The one card of all incidents of a storm, as it stands. It has no button that closes: a storm is not closed by a press. */
export function stormCard(storm: Storm): Card {
  const { id, version, tally, acks } = storm
  const title = message('card.storm', { count: tally.total, place: placeOf(tally) })
  const subtitle = stateOf(storm)
  return {
    subject: `${STORM_CARD}.${id}`,
    version,
    tone: toneOf(storm),
    called: '',
    title,
    subtitle,
    rows: [
      { label: message('row.site'), value: list(sitesOf(tally)) },
      { label: message('row.cause'), value: list(causesOf(tally)) },
      { label: message('row.time'), value: message('plain-time', { at: whenOf(storm) }) },
      ...(tally.owners.length > 0
        ? [{ label: message('row.owner'), value: list(tally.owners.map(counted)) }]
        : []),
    ],
    notes: notesOf(storm),
    story: acks.map(({ person, channel, at, count }) => ({
      at,
      text: message('story.storm-acknowledged', { person, count, channel: message(`channel.${channel}`) }),
    })),
    buttons:
      tally.unacknowledged > 0 ? [{ action: 'ack', style: 'primary', text: message('button.ack-all') }] : [],
    summary: message('card.storm-summary', { title, state: subtitle }),
  }
}

/** The storm in few words, for texts that name it. */
export const stormTitle = ({ tally }: Storm): Message =>
  message('card.storm', { count: tally.total, place: placeOf(tally) })

function placeOf({ sites, siteCount }: StormTally): Message | string {
  const place = sites[0]?.name ?? ''
  return siteCount > 1 ? message('storm.places', { place, more: siteCount - 1 }) : place
}

function stateOf({ phase, tally }: Storm): Message {
  const { open, unacknowledged, closed, noTrip, own, gone } = tally
  const parts = [
    ...some('storm.unacknowledged', unacknowledged),
    ...some('storm.acknowledged', open - unacknowledged),
    ...some('storm.closed', closed),
    ...some('storm.no-trip', noTrip),
    ...some('storm.own', own),
    ...some('storm.gone', gone),
  ]
  if (parts.length === 0) parts.push(message('storm.none'))
  return message(`state.storm-${phase}`, { parts })
}

const some = (
  key: `storm.${'unacknowledged' | 'acknowledged' | 'closed' | 'no-trip' | 'own' | 'gone' | 'locked' | 'away' | 'reclosing'}`,
  count: number,
): Message[] => (count > 0 ? [message(key, { count })] : [])

function toneOf({ phase, tally }: Storm): CardTone {
  if (tally.unacknowledged > 0) return 'alarm'
  if (tally.open > 0) return 'warning'
  return phase === 'over' && tally.own > 0 ? 'neutral' : 'good'
}

const whenOf = ({ since, tally: { lastJoin } }: Storm) =>
  lastJoin > since ? span(since, lastJoin, 'date-time') : dateTime(since)

const counted = ({ name, count }: Counted): Message => message('storm.count', { name, count })
const list = (items: Message[]): Message => message('storm.list', { items })

function sitesOf({ sites, siteCount }: StormTally): Message[] {
  const shown = sites.slice(0, MOST_IN_ROW)
  const more = siteCount - shown.length
  return [...shown.map(counted), ...(more > 0 ? [message('storm.more-sites', { count: more })] : [])]
}

const causesOf = ({ causes }: StormTally): Message[] =>
  causes
    .slice(0, MOST_IN_ROW)
    .map((one) => message('storm.count', { name: causeName(one), count: one.count }))

/** The weightiest first, for some platforms cut the end: which, what stands against closing, what may be the reason, what to do. */
function notesOf({ phase, tally }: Storm): Message[] {
  const { names, open, own, locked, away, reclosing, supply } = tally
  const items = names.map((one) => message('storm.name', { breaker: one.title, cause: causeName(one) }))
  const more = (phase === 'over' ? own : open) - names.length
  if (more > 0) items.push(message('storm.more', { count: more }))
  return [
    ...(names.length > 0 ? [message(phase === 'over' ? 'storm.own-names' : 'storm.names', { items })] : []),
    ...some('storm.locked', locked),
    ...some('storm.away', away),
    ...some('storm.reclosing', reclosing),
    ...(supply.length > 0 ? [message('storm.supply', { sites: supply.join(' / ') })] : []),
    ...(open > 0 ? [message('storm.closing')] : []),
    ...(phase === 'over' ? [] : [message('storm.beside')]),
  ]
}
