import { randomBytes } from 'node:crypto'
import { pictureKind } from '../kit/pictures.ts'
import { type Exchange, ok, oldCode, type Routes, refuseOld } from './answers.ts'
import type { Core } from './core.ts'

const MB = 1024 * 1024
/** Bytes (documented). */
const LARGEST: Record<string, number> = { image: 20 * MB, voice: 2 * MB, video: 20 * MB, file: 20 * MB }

/** Uploads on the old API: the token stands in the address, the file in the field `media` (documented). */
export function mediaRoutes(core: Core): Routes {
  return {
    'POST /media/upload': (exchange) => {
      const clientId = core.tokens.owner(exchange.query.access_token ?? '')
      if (clientId === undefined) refuseOld(core, 40014, '不合法的access_token')
      if (!core.quota.withinRate(`${clientId} POST /media/upload`)) refuseOld(core, 90018, '调用太频繁')
      const { type, file } = readUpload(core, exchange)
      if (core.behaviour.uploadsCount && !core.quota.takeCall()) refuseOld(core, 90030, '本月调用次数已用完')
      const id = `@lAL${randomBytes(15).toString('base64url')}`
      const now = core.clock.now()
      const { name, bytes } = file
      core.media.set(id, { clientId, type, name, bytes, until: now + core.behaviour.mediaLifetime })
      return ok({ errcode: oldCode(core, 0), errmsg: 'ok', type, media_id: id, created_at: now })
    },
  }
}

/** What is refused is documented or seen; which code says a wrong format is inferred. */
function readUpload(core: Core, { query, body, files }: Exchange) {
  const type = query.type ?? (body as { type?: string } | undefined)?.type ?? ''
  const largest = LARGEST[type]
  if (largest === undefined) refuseOld(core, 40004, '不合法的媒体文件类型')
  const file = files?.get('media')
  if (!file) refuseOld(core, 41005, '缺少多媒体文件数据')
  if (file.bytes.length === 0 || file.bytes.length > largest) refuseOld(core, 40006, '不合法的文件大小')
  if (type === 'image' && !pictureKind(file.bytes)) refuseOld(core, 40005, '不合法的文件类型')
  return { type, file }
}

/** Whether a message of an app can show it: an address, or an image of its own. */
export function canShow(core: Core, clientId: string, photo: string): boolean {
  if (/^https?:\/\//.test(photo)) return true
  const media = core.media.get(photo)
  return media?.clientId === clientId && media.type === 'image' && media.until > core.clock.now()
}
