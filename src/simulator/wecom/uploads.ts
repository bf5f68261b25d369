import { createHash } from 'node:crypto'
import { unixSeconds } from '../kit/clock.ts'
import { pictureKind } from '../kit/pictures.ts'
import { type Answer, ok, refuse } from './answers.ts'
import type { Command } from './command.ts'
import { MEDIA_TYPES } from './content.ts'
import { numberOf, textOf } from './json.ts'
import { newId, type Upload, uploadBudget } from './world.ts'

const MB = 1024 * 1024
/** From the source of the official plug-in. */
const MAX_SIZE: Record<string, number> = { image: 10 * MB, video: 10 * MB, voice: 2 * MB, file: 20 * MB }
const MAX_CHUNK = 512 * 1024
const SESSION = 30 * 60_000
const MEDIA_LIFE = 3 * 24 * 3_600_000

/** The limits are documented; which code says so is inferred. */
export function uploadInit({ world, botId, body }: Command): Answer {
  const type = textOf(body, 'type') ?? ''
  const size = numberOf(body, 'total_size') ?? 0
  const count = numberOf(body, 'total_chunks') ?? 0
  if (!MEDIA_TYPES.includes(type)) return refuse(40004)
  if (!textOf(body, 'filename')) return refuse(40058, 'filename')
  if (size < 1 || size > (MAX_SIZE[type] ?? 0)) return refuse(40006)
  if (count < 1 || count > 100) return refuse(40058, 'total_chunks: 1 to 100')
  const { uploadsPerMinute, uploadsPerHour } = world.settings
  const budget = uploadBudget(world, botId)
  const limits = [
    { within: 60_000, max: uploadsPerMinute },
    { within: 3_600_000, max: uploadsPerHour },
  ]
  if (budget.spent(limits)) return refuse(45009)
  budget.count()
  const uploadId = newId()
  const md5 = textOf(body, 'md5')
  const startedAt = world.clock.now()
  world.uploads.set(uploadId, { botId, type, size, count, md5, startedAt, chunks: new Map() })
  return ok({ upload_id: uploadId })
}

/** The documentation's example counts from 1, the SDK from 0: both are taken. */
export function uploadChunk(command: Command): Answer {
  const upload = findUpload(command)
  const index = numberOf(command.body, 'chunk_index') ?? -1
  const data = Buffer.from(textOf(command.body, 'base64_data') ?? '', 'base64')
  if (!upload) return refuse(40058, 'upload_id')
  if (index < 0 || index > upload.count) return refuse(40058, 'chunk_index')
  if (data.length < 1 || data.length > MAX_CHUNK) return refuse(40058, 'base64_data: at most 512 KB')
  upload.chunks.set(index, data)
  return ok()
}

export function uploadFinish(command: Command): Answer {
  const { world, body } = command
  const upload = findUpload(command)
  if (!upload) return refuse(40058, 'upload_id')
  const chunks = [...upload.chunks].sort(([a], [b]) => a - b).map(([, data]) => data)
  const whole = Buffer.concat(chunks)
  const intact = upload.md5 === undefined || createHash('md5').update(whole).digest('hex') === upload.md5
  if (chunks.length !== upload.count || whole.length !== upload.size || !intact) {
    return refuse(40058, 'chunks are missing or damaged')
  }
  if (upload.type === 'image' && !isPicture(whole)) return refuse(40005)
  world.uploads.delete(textOf(body, 'upload_id') ?? '')
  const mediaId = newId()
  const now = world.clock.now()
  const { type, botId } = upload
  world.media.set(mediaId, { botId, type, expiresAt: now + MEDIA_LIFE, content: whole })
  return ok({ type, media_id: mediaId, created_at: unixSeconds(now) })
}

/** That others are refused, and by which code, is inferred. */
const isPicture = (bytes: Buffer) => ['png', 'jpeg', 'gif'].includes(pictureKind(bytes) ?? '')

function findUpload({ world, botId, body }: Command): Upload | undefined {
  const upload = world.uploads.get(textOf(body, 'upload_id') ?? '')
  const alive = upload && upload.botId === botId && world.clock.now() - upload.startedAt <= SESSION
  return alive ? upload : undefined
}
