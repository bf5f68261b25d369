import { randomBytes } from 'node:crypto'
import type { Upload } from '../../kit/multipart.ts'
import { badRequest } from '../errors.ts'
import { imageSize } from '../images.ts'
import type { StoredFile } from '../world.ts'
import type { MethodCall } from './method.ts'

type Kind = StoredFile['kind']

/** Bytes (documented). */
const MAX_BYTES: Record<Kind, number> = { photo: 10 * 1024 * 1024, document: 50 * 1024 * 1024 }
const MAX_SIDES = 10_000
const MAX_RATIO = 20

/**
 * The photo or document of a call: uploaded under `field` or under the name in `attach://name`, or known by its file id.
 * The simulator never leaves the machine, so an HTTP address is refused as one that cannot be fetched.
 */
export function sentFile(
  { world, params }: MethodCall,
  kind: Kind,
  field: string,
  source?: string,
): StoredFile {
  const attached = source?.startsWith('attach://') ? source.slice('attach://'.length) : field
  const upload = params.file(attached)
  if (upload) {
    const file = store(kind, upload)
    world.files.set(file.id, file)
    return file
  }
  if (!source || source.startsWith('attach://')) throw badRequest(`There is no ${kind} in the request`)
  if (/^https?:/.test(source)) throw badRequest('Failed to get HTTP URL content')
  const known = world.files.get(source)
  if (!known) throw badRequest('Wrong file identifier/HTTP URL specified')
  if (known.kind !== kind) throw badRequest(`Can't use file of type ${known.kind} as ${kind}`)
  return known
}

function store(kind: Kind, { name, bytes, mime }: Upload): StoredFile {
  if (bytes.length === 0) throw badRequest('File must be non-empty')
  if (bytes.length > MAX_BYTES[kind]) {
    throw badRequest(
      `File of size ${bytes.length} bytes is too big for a ${kind}; the maximum size is ${MAX_BYTES[kind]} bytes`,
    )
  }
  const file = { id: randomBytes(24).toString('base64url'), kind, name, mime, bytes }
  if (kind === 'document') return file
  const size = imageSize(bytes)
  if (!size) throw badRequest('IMAGE_PROCESS_FAILED')
  const { width, height } = size
  const ratio = Math.max(width / height, height / width)
  if (width + height > MAX_SIDES || ratio > MAX_RATIO) throw badRequest('PHOTO_INVALID_DIMENSIONS')
  return { ...file, width, height }
}
