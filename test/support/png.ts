import { crc32, deflateSync } from 'node:zlib'
import type { Picture } from '../../src/channels/channel.ts'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** A grey picture. `bytes`: at least so long, by a comment that no reader shows. */
export function png(width = 64, height = 32, bytes = 0): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits of grey.
  header.set([8, 0, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc((width + 1) * height, 0))
  const comment = bytes > 0 ? [chunk('tEXt', Buffer.alloc(bytes, 'x'))] : []
  const chunks = [chunk('IHDR', header), ...comment, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]
  return new Uint8Array(Buffer.concat([SIGNATURE, ...chunks]))
}

/** As a text gets it; `instead`: what is to be read where it cannot be shown. */
export function picture(instead = 'Bars: 1 2 3', bytes = 0): Picture {
  return { png: png(64, 32, bytes), width: 64, height: 32, instead }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
