import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Log, Picture } from '../channel.ts'
import { createSpare } from '../kit/pictures.ts'
import { filled } from '../kit/shapes.ts'
import type { Reply } from './errors.ts'
import { UPLOADS } from './limits.ts'

/** In the source of the official plug-in. */
export const LARGEST = 10 * 1024 * 1024
/** A quarter of what is documented: a slow line, too, has to take it within the 5 s of an answer (our choice). */
const CHUNK = 128 * 1024
/** After so many ms no further command of an upload leaves; the text must not wait for long (our choice). */
const UPLOAD_WITHIN = 12_000

/** Uploads are counted for all chats together. */
const ALL = ''

const begun = z.object({ upload_id: filled })
const finished = z.object({ media_id: filled })

export interface UploadOptions {
  request(cmd: string, body: object): Promise<Reply>
  /** A clock that nobody sets, ms. */
  now(): number
  log: Log
}

/** Gives the media id of a picture, which messages name; undefined where it cannot be had. Never rejects. */
export function createUpload({ request, now, log }: UploadOptions) {
  const spare = createSpare(UPLOADS, now)

  async function upload({ png }: Picture): Promise<string | undefined> {
    if (!spare.has(ALL)) return undefined
    const giveUp = now() + UPLOAD_WITHIN
    const step = (cmd: string, body: object): Promise<Reply> =>
      now() < giveUp
        ? request(`aibot_upload_media_${cmd}`, body)
        : Promise.resolve({ kind: 'lost', why: 'the upload takes too long' })
    const count = Math.ceil(png.length / CHUNK)
    const md5 = createHash('md5').update(png).digest('hex')
    const file = { type: 'image', filename: 'chart.png', total_size: png.length, total_chunks: count, md5 }
    const start = await step('init', file)
    if (start.kind !== 'unsent') spare.take(ALL)
    const id = begun.safeParse(bodyOf(start)).data?.upload_id
    if (id === undefined) return failed(start)
    for (let n = 0; n < count; n++) {
      const data = Buffer.from(png.subarray(n * CHUNK, (n + 1) * CHUNK)).toString('base64')
      // The documentation's example counts from 1, the SDK from 0, as here.
      const part = await step('chunk', { upload_id: id, chunk_index: n, base64_data: data })
      if (part.kind !== 'answered' || part.code !== 0) return failed(part)
    }
    const end = await step('finish', { upload_id: id })
    return finished.safeParse(bodyOf(end)).data?.media_id ?? failed(end)
  }

  function failed(reply: Reply): undefined {
    if (reply.kind !== 'unsent') log.warn({ reply }, 'a picture could not be uploaded: its text goes alone')
  }

  return upload
}

const bodyOf = (reply: Reply) => (reply.kind === 'answered' && reply.code === 0 ? reply.body : undefined)
