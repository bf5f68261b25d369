const BEGINNINGS = { png: '89504e470d0a1a0a', jpeg: 'ffd8ff', gif: '47494638', bmp: '424d' }

export type PictureKind = keyof typeof BEGINNINGS

/** What a file is, by its first bytes. */
export function pictureKind(bytes: Buffer): PictureKind | undefined {
  const begins = bytes.toString('hex', 0, 8)
  return (Object.keys(BEGINNINGS) as PictureKind[]).find((kind) => begins.startsWith(BEGINNINGS[kind]))
}
