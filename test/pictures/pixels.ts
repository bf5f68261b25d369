import { createCanvas, loadImage } from '@napi-rs/canvas'

/** A picture, as its points are seen. */
export interface Pixels {
  width: number
  height: number
  /** Red, green, blue, 0 to 255. */
  at(x: number, y: number): [number, number, number]
}

export async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(Buffer.from(png))
  const { width, height } = image
  const pen = createCanvas(width, height).getContext('2d')
  pen.drawImage(image, 0, 0)
  const { data } = pen.getImageData(0, 0, width, height)
  return {
    width,
    height,
    at: (x, y) => {
      const from = (Math.round(y) * width + Math.round(x)) * 4
      return [data[from]!, data[from + 1]!, data[from + 2]!]
    },
  }
}

/** Cells of a picture, each way. */
const [ACROSS, DOWN] = [64, 36]

/** The mean colour of each cell: what a picture shows, without how its edges are smoothed. */
export function cells({ width, height, at }: Pixels): number[][] {
  const [wide, high] = [width / ACROSS, height / DOWN]
  return Array.from({ length: ACROSS * DOWN }, (_, cell) => {
    const [left, top] = [(cell % ACROSS) * wide, Math.floor(cell / ACROSS) * high]
    const sum = [0, 0, 0]
    let count = 0
    for (let y = Math.floor(top); y < top + high && y < height; y += 2)
      for (let x = Math.floor(left); x < left + wide && x < width; x += 2) {
        for (const [channel, value] of at(x, y).entries()) sum[channel]! += value
        count++
      }
    return sum.map((value) => value / count)
  })
}

/** How far two pictures are apart: the cell that differs most, 0 to 255. */
export function apart(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) return 255
  const cellsOfOther = cells(other)
  const far = cells(one).flatMap((cell, index) =>
    cell.map((value, channel) => Math.abs(value - cellsOfOther[index]![channel]!)),
  )
  return Math.max(...far)
}

/** Points within a rectangle that pass. */
export function countIn(
  { at }: Pixels,
  [left, top, right, bottom]: [number, number, number, number],
  is: (colour: [number, number, number]) => boolean,
): number {
  let count = 0
  for (let y = Math.ceil(top); y < bottom; y++)
    for (let x = Math.ceil(left); x < right; x++) if (is(at(x, y))) count++
  return count
}

export const isNear =
  (hex: string) =>
  (colour: [number, number, number]): boolean =>
    colour.every(
      (value, index) => Math.abs(value - Number.parseInt(hex.slice(1 + index * 2, 3 + index * 2), 16)) < 24,
    )
