import type { Content, Delivery, Log, Picture } from '../channel.ts'
import { inWords, type Spare, type Uploads, type WithPicture } from './pictures.ts'

/** Where a picture is a message of its own: it is uploaded first, then comes the text, then the picture. */
export interface AfterText {
  /** Becomes what becomes of the text. Never rejects. */
  send(chat: string, content: WithPicture, key: string): Promise<Delivery>
}

export interface AfterTextOptions {
  uploads: Uploads
  /** Whether the platform takes such a picture. */
  fits(picture: Picture): boolean
  spare: Spare
  say(chat: string, content: Content, key: string): Promise<Delivery>
  /** Sends the picture with this id. */
  show(chat: string, id: string): Promise<Delivery>
  log: Log
}

export function createAfterText({ uploads, fits, spare, say, show, log }: AfterTextOptions): AfterText {
  async function follow(chat: string, { picture }: WithPicture, id: string, key: string): Promise<void> {
    spare.take(chat)
    const delivery = await show(chat, id)
    if (delivery.outcome === 'delivered') return
    log.warn({ chat, why: delivery.why }, 'a text stands without its picture')
    if (!isOfThePicture(delivery)) return
    uploads.forget(picture)
    // Under a key of its own, or the platform might take it for a repetition.
    if (picture.instead !== '') await say(chat, { text: picture.instead }, `${key.slice(0, 58)}-words`)
  }

  return {
    async send(chat, content, key) {
      const { picture } = content
      const id = fits(picture) && spare.has(chat) ? await uploads.idOf(picture) : undefined
      if (id === undefined) return say(chat, inWords(content), key)
      const delivery = await say(chat, content, key)
      if (delivery.outcome === 'delivered') await follow(chat, content, id, key)
      return delivery
    },
  }
}

/** Whether words may get through where the picture did not, and it is certainly not there. */
function isOfThePicture(delivery: Delivery): boolean {
  if (delivery.outcome === 'refused') return delivery.gone === undefined
  return delivery.outcome === 'later' && !delivery.wholeChat
}
