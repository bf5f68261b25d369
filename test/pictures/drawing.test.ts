import { createCanvas } from '@napi-rs/canvas'
import { beforeAll, describe, expect, test } from 'vitest'
import { draw, loadFont } from '../../src/pictures/draw.ts'
import { fitted, letters } from '../../src/pictures/letters.ts'
import { COLOURS, fontOf } from '../../src/pictures/look.ts'
import type { ChartText } from '../../src/text/chart-text.ts'
import { countIn, isNear, type Pixels, pixelsOf } from './pixels.ts'

beforeAll(() => loadFont())

const WORDS = { title: '用电', unit: 'kWh', ticks: [], estimated: '估算', nothing: '没有数据' }
const [BLUE] = COLOURS.series

type Series = Extract<ChartText, { kind: 'bars' }>['series']
const barsOf = async (...series: Series): Promise<Pixels> => {
  const labels = series[0]!.values.map((_, index) => String(index))
  return pixelsOf((await draw({ ...WORDS, kind: 'bars', labels, series })).png)
}

/** The bars of a colour: where their middle is, from left to right, and how high they are, pixels. */
function barsIn(pixels: Pixels, colour: string): { x: number; broad: number; height: number }[] {
  const is = isNear(colour)
  // Below the heading, where the same colour stands for the name.
  const height = (x: number) => countIn(pixels, [x, 160, x + 1, pixels.height], is)
  const bars: { from: number; to: number }[] = []
  for (let x = 0; x < pixels.width; x++) {
    if (height(x) < 8) continue
    if (bars.at(-1)?.to === x - 1) bars.at(-1)!.to = x
    else bars.push({ from: x, to: x })
  }
  // Letters of that colour are narrower. A bar may stand before another one.
  return bars
    .filter(({ from, to }) => to - from > 10)
    .map(({ from, to }) => ({
      x: Math.round((from + to) / 2),
      broad: to - from,
      height: Math.max(height(from + 5), height(Math.round((from + to) / 2))),
    }))
}

describe('bars', () => {
  test('stand as high as their values say, in order; what is not known is left empty', async () => {
    const bars = barsIn(await barsOf({ name: 'a', values: [4, 1, null, 2, 3.5] }), BLUE)
    expect(bars).toHaveLength(4)
    const [first] = bars
    for (const [index, value] of [4, 1, 2, 3.5].entries())
      expect(Math.abs(bars[index]!.height / first!.height - value / 4)).toBeLessThan(0.01)
    const [a, b, c, d] = bars.map(({ x }) => x) as [number, number, number, number]
    expect(Math.abs((c - b) / (b - a) - 2)).toBeLessThan(0.05)
    expect(Math.abs((d - c) / (b - a) - 1)).toBeLessThan(0.05)
  })

  test('below zero stand below the line of zero', async () => {
    const pixels = await barsOf({ name: 'a', values: [2, -2] })
    const [up, down] = barsIn(pixels, BLUE)
    expect(Math.abs(up!.height - down!.height)).toBeLessThan(5)
    const topOf = ({ x }: { x: number }) => {
      let y = 160
      while (!isNear(BLUE)(pixels.at(x, y))) y++
      return y
    }
    expect(Math.abs(topOf(down!) - topOf(up!) - up!.height)).toBeLessThan(8)
  })

  test('what it is compared with stands behind it, faint and broader', async () => {
    const pixels = await barsOf(
      { name: 'a', values: [2, null] },
      { name: 'b', values: [4, 3], isComparison: true },
    )
    const [own] = barsIn(pixels, BLUE)
    const [behind, alone] = barsIn(pixels, COLOURS.faint)
    expect(Math.abs(behind!.x - own!.x)).toBeLessThan(3)
    expect(behind!.broad).toBeGreaterThan(own!.broad * 1.2)
    expect(Math.abs(behind!.height / alone!.height - 4 / 3)).toBeLessThan(0.02)
    expect(Math.abs(own!.height / alone!.height - 2 / 3)).toBeLessThan(0.02)
  })

  test('of a rank are as long as their values say', async () => {
    const bars = [5, 3, 1].map((value) => ({ name: String(value), value }))
    const pixels = await pixelsOf((await draw({ ...WORDS, kind: 'rank', bars })).png)
    const rows = Array.from({ length: pixels.height }, (_, y) =>
      countIn(pixels, [0, y, pixels.width, y + 1], isNear(BLUE)),
    )
    const lengths = [...new Set(rows)].filter((length) => rows.filter((one) => one === length).length > 20)
    const [most, , least] = lengths.filter((length) => length > 0)
    expect(Math.abs(least! / most! - 1 / 5)).toBeLessThan(0.01)
  })
})

describe('letters', () => {
  const inkOf = (text: string): string => {
    const canvas = createCanvas(40, 40)
    const pen = canvas.getContext('2d')
    pen.font = fontOf(32)
    pen.fillText(text, 2, 32)
    return Buffer.from(pen.getImageData(0, 0, 40, 40).data).toString('base64')
  }

  test('Chinese ones are drawn, each its own and none a box', () => {
    const said = [...'增氧机鱼塘电量今天昨跳闸额定流排名本周月合计另有台部分为估算没数据']
    const inks = new Set([...said, '\u{10fffd}', ' '].map(inkOf))
    expect(inks.size).toBe(said.length + 2)
  })

  test('that the font lacks are written in others; emoji are left out', () => {
    expect(letters('🐟 鱼塘 2 👩‍🔧 35℃ 10 µΩ')).toBe('鱼塘 2 35°C 10 uohm')
    for (const one of ['°', 'C', 'u', '·', '…']) expect(inkOf(one)).not.toBe(inkOf('\u{10fffd}'))
  })

  test('too many for a line are cut off, by words where there are any', () => {
    const widthOf = (text: string) => [...text].length
    expect(fitted('one two three', 8, 2, widthOf)).toEqual(['one two', 'three'])
    expect(fitted('一二三四五六七八', 3, 2, widthOf)).toEqual(['一二三', '四五…'])
    expect(fitted('short', 8, 1, widthOf)).toEqual(['short'])
    expect(fitted('', 8, 1, widthOf)).toEqual([''])
  })
})
