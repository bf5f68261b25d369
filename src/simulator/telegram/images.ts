const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** Pixels of a PNG or JPEG, or undefined if it is neither. */
export function imageSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.length >= 24 && bytes.subarray(0, 8).equals(PNG)) {
    return positive(bytes.readUInt32BE(16), bytes.readUInt32BE(20))
  }
  return bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8 ? jpegSize(bytes) : undefined
}

/** Goes from segment to segment to the frame header, which alone has the size. */
function jpegSize(bytes: Buffer) {
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return positive(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5))
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

function positive(width: number, height: number) {
  return width > 0 && height > 0 ? { width, height } : undefined
}
