import { keepNewest } from '../../domain/newest.ts'
import type { Content, Delivery, Log, Picture } from '../channel.ts'
import { createSpare, inWords, type WithPicture } from '../kit/pictures.ts'
import { sentOf } from './delivery.ts'
import type { ApiFault, ApiResult } from './faults.ts'
import { SPARE } from './limits.ts'
import type { Place } from './payload.ts'
import { fitsBelow } from './render.ts'

/** Texts with pictures: the text as the caption where it is short enough, else the picture as a silent answer to it. */
export interface Pictures {
  send(place: Place, content: WithPicture, key: string): Promise<Delivery>
}

export interface PicturesOptions {
  /** Sends the text, or `picture` with the text as its caption. */
  post(place: Place, content: Content, picture?: Picture): Promise<ApiResult>
  log: Log
}

/** So many messages whose picture failed are remembered. */
const REMEMBERED = 1_000

export function createPictures({ post, log }: PicturesOptions): Pictures {
  /** Keys of messages that go without their picture when they are sent again: it must not hold them up for ever. */
  const without = new Set<string>()
  const spare = createSpare(SPARE, () => performance.now())

  async function inOne(place: Place, content: WithPicture, key: string): Promise<Delivery> {
    if (without.has(key)) return sentOf(await post(place, inWords(content)))
    const answer = await post(place, content, content.picture)
    if (answer.ok || !mayBeThePicture(answer.fault)) return sentOf(answer)
    keepNewest(without.add(key), REMEMBERED)
    // What may be there already is not sent again from here.
    if (answer.fault.kind === 'unclear') return sentOf(answer)
    log.warn({ chat: place.chat_id, why: answer.fault.text }, 'a picture was refused: its text goes alone')
    return sentOf(await post(place, inWords(content)))
  }

  async function inTwo(place: Place, content: WithPicture): Promise<Delivery> {
    if (!spare.has(String(place.chat_id))) return sentOf(await post(place, inWords(content)))
    const delivery = sentOf(await post(place, content))
    if (delivery.outcome === 'delivered') await follow(place, content.picture, delivery.message)
    return delivery
  }

  async function follow(place: Place, picture: Picture, replyTo: string): Promise<void> {
    spare.take(String(place.chat_id))
    const answer = await post(place, { text: '', replyTo, silent: true }, picture)
    if (answer.ok) return
    log.warn({ chat: place.chat_id, why: answer.fault.text }, 'a text stands without its picture')
    if (answer.fault.kind !== 'refused' || !mayBeThePicture(answer.fault) || picture.instead === '') return
    await post(place, { text: picture.instead, replyTo, silent: true })
  }

  return {
    async send(place, content, key) {
      if (!isPhoto(content.picture)) return sentOf(await post(place, inWords(content)))
      return fitsBelow(content.text, content.mention) ? inOne(place, content, key) : inTwo(place, content)
    },
  }
}

/** What Telegram takes as a photo (documented). */
const isPhoto = ({ png, width, height }: Picture) =>
  png.length <= 10 * 1024 * 1024 && width + height <= 10_000 && Math.max(width / height, height / width) <= 20

/**
 * Whether it might go better without the picture: the chat takes none, this one is none, it is too large or too slow for
 * somebody on the way. Whatever else is wrong with the message will be said of the text, too.
 */
function mayBeThePicture(fault: ApiFault): boolean {
  if (fault.kind === 'unreached') return fault.answered === true
  if (fault.kind === 'unclear') return true
  return (fault.code === 400 || fault.code === 413) && fault.movedTo === undefined
}
