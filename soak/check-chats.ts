import type { Standing } from '../chaos/chats.ts'
import { type Breaker, chatsOf, type Fleet, type Platform } from '../chaos/fleet.ts'
import { cardKey, type KeptCards } from '../chaos/state.ts'
import type { Facts, Violation } from '../chaos/verdict.ts'
import { incidentCard } from '../src/domain/card.ts'
import type { Incident } from '../src/domain/incident.ts'
import { translator } from '../src/text/translate.ts'

/** A card that does not show how things stand. */
export interface Stale {
  incident: Incident
  platform: Platform
  chat: string
  why: string
}

type Seen = Pick<Facts, 'standing'> & {
  fleet: Pick<Fleet, 'breakers'>
  kept: KeptCards
}

const say = translator('zh-CN', 'Asia/Shanghai')

/** In each chat of its room the newest card of an incident, or, on WeCom, a word after it, shows the final state. */
export function staleCards({ fleet, standing, kept }: Seen): Stale[] {
  const breakers = new Map(fleet.breakers.map((one) => [one.id, one]))
  const cards = new Map(
    standing.flatMap((one) => (one.card ? [[cardKey(one.platform, one.chat, one.card.id), one]] : [])),
  )
  const byChat = Map.groupBy(standing, (one) => `${one.platform} ${one.chat}`)
  return kept.incidents.flatMap((incident) => {
    const breaker = breakers.get(incident.breaker)!
    return chatsOf(breaker.room).flatMap((platform): Stale[] => {
      const chat = String(breaker.room[platform])
      const card = cards.get(cardKey(platform, chat, incident.id))
      // One that is missing altogether is another rule's.
      if (!card) return []
      const others = byChat.get(`${platform} ${chat}`)!
      const why = whyStale(incident, breaker, card, others, kept)
      return why === undefined ? [] : [{ incident, platform, chat, why }]
    })
  })
}

function whyStale(
  incident: Incident,
  breaker: Breaker,
  card: Standing,
  others: readonly Standing[],
  kept: Seen['kept'],
): string | undefined {
  const believed = kept.shown.get(cardKey(card.platform, card.chat, incident.id)) ?? 0
  if (believed < incident.version) return `is known to show version ${believed} of ${incident.version}`
  if (card.card?.version === incident.version) return undefined
  if (card.platform !== 'wecom') return `shows version ${card.card?.version} of ${incident.version}`
  const summary = say(incidentCard(configOf(breaker), kept.breakers.get(breaker.id)!, incident).summary)
  const isTold = others.some((one) => one.at >= card.at && one.text.includes(summary))
  return isTold
    ? undefined
    : `shows version ${card.card?.version} of ${incident.version}, and no word says «${summary}»`
}

const configOf = ({ id, name, site, room }: Breaker) => ({
  ...{ id, name, site, room: room.name, ratedCurrent: 60, circuits: { power: '' } },
  ...{ groups: [], remoteClose: true },
})

export const toViolation = ({ incident, platform, chat, why }: Stale): Violation => ({
  rule: 'converged',
  what: `the card of incident ${incident.id} of ${incident.breaker} in ${platform} ${why}`,
  evidence: { where: { platform, chat }, incident },
})
