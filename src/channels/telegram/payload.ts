import type { Picture } from '../channel.ts'
import type { MessageBody } from './render.ts'

/** `<chat>` or `<chat>/<topic>`, as Telegram has it. */
export interface Place {
  chat_id: number
  message_thread_id?: number
}

export interface Payload extends MessageBody, Place {
  message_id?: number
  disable_notification?: boolean
  reply_parameters?: { message_id: number; allow_sending_without_reply: true }
}

/** The payload of sendPhoto. telegraf drops what is neither plain nor a file from an upload, without a word (seen). */
export function photo(payload: Payload, picture: Picture): object {
  const { text, link_preview_options: _, reply_parameters: reply, ...rest } = payload
  const { buffer, byteOffset, byteLength } = picture.png
  return {
    ...rest,
    ...(text !== '' && { caption: text }),
    ...(reply && { reply_parameters: JSON.stringify(reply) }),
    photo: { source: Buffer.from(buffer, byteOffset, byteLength), filename: 'chart.png' },
  }
}
