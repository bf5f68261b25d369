import { BEFORE_TRIP, tripPicture } from '../domain/trip-picture.ts'
import type { Job, JobResult } from '../store/store.ts'
import { type CardRecord, cardRecordKey } from './cards.ts'
import { digest } from './digest.ts'
import type { Illustrating } from './illustrating.ts'
import type { Outgoing } from './outgoing.ts'
import { getIncident, type Lookup, type Parts } from './parts.ts'
import type { SendWork } from './work.ts'

type PictureWork = Extract<SendWork, { what: 'trip-picture' }>

/** How often the card is looked for that the picture belongs to, ms, and for how long. */
const AGAIN = 3000
const PATIENCE = 300_000

/** Sends the load before a trip after its card, where the chat can show a picture; it is no alarm and calls on nobody. */
export function createTripPictures(
  parts: Parts,
  lookup: Lookup,
  outgoing: Outgoing,
  { illustrated, canShow }: Illustrating,
) {
  const { store, now } = parts

  return async function bring(job: Job, { breaker, id, chat }: PictureWork): Promise<JobResult> {
    const config = lookup.breaker(breaker)
    const incident = (await getIncident(store, id))?.value
    // It may have joined a storm since.
    if (!config || !incident || incident.storm || !canShow(chat)) return 'done'
    const card = (await store.get<CardRecord>(cardRecordKey(chat, id)))?.value.message
    if (card === undefined) {
      const isLate = now() - job.createdAt > PATIENCE
      return isLate ? 'done' : { retryAt: now() + AGAIN, why: 'its card is not there yet' }
    }
    const { openedAt } = incident
    const samples = await store.samples(breaker, openedAt - BEFORE_TRIP, openedAt)
    const made = tripPicture(config, incident, samples)
    if (!made) return 'done'
    const text = lookup.translatorFor(chat)(made.text)
    const shown = await illustrated(text, made.chart, chat)
    if ('waitUntil' in shown) return shown
    const content = { ...shown, replyTo: card, silent: true as const }
    const delivery = await outgoing.send(job, chat, content, digest(job.id))
    const isTold = delivery.outcome === 'delivered' || (delivery.outcome === 'later' && delivery.told)
    return isTold ? 'done' : outgoing.failed(job, 'text', chat, delivery)
  }
}
