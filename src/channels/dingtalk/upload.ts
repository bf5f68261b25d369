import { z } from 'zod'
import type { Log, Picture } from '../channel.ts'
import { filled } from '../kit/shapes.ts'
import { orAfter } from '../kit/waiting.ts'
import type { Api, Reply } from './api.ts'

/** Documented: 20 MB for a picture. */
export const LARGEST = 20 * 1024 * 1024

const uploaded = z.object({ media_id: filled })
const LATE: Reply = { ok: false, failure: { how: 'lost', text: 'the upload takes too long' } }

/**
 * Gives the media id of a picture, which messages name; undefined where it cannot be had. Never rejects.
 * @param within ms for all of it, a new token included
 */
export function createUpload(api: Api, within: number, log: Log) {
  return async ({ png }: Picture): Promise<string | undefined> => {
    const form = new FormData()
    form.set('media', new Blob([new Uint8Array(png)], { type: 'image/png' }), 'chart.png')
    const reply = await orAfter(within, api.upload('/media/upload?type=image', form), LATE)
    const id = reply.ok ? uploaded.safeParse(reply.body).data?.media_id : undefined
    if (id === undefined) {
      const failure = reply.ok ? { text: 'the answer names no media id' } : reply.failure
      log.warn({ failure }, 'a picture could not be uploaded: its text goes alone')
    }
    return id
  }
}
