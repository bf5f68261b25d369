import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Locale } from '../../src/domain/card-text.ts'
import type { BarChart, Chart } from '../../src/domain/chart.ts'
import { draw, loadFont } from '../../src/pictures/draw.ts'
import { chartText } from '../../src/text/chart-text.ts'
import { CHARTS, ZONE } from './charts.ts'
import { apart, type Pixels, pixelsOf } from './pixels.ts'

const FOLDER = join(import.meta.dirname, '../golden/pictures')
/** What edges, smoothed in another way on another processor, may make of a cell. A stroke of a letter makes more. */
const NEAR = 8

const drawn = async ({ chart, locale }: { chart: Chart; locale: Locale }): Promise<Pixels> =>
  pixelsOf((await draw(chartText(chart, locale, ZONE))).png)
const golden = async (name: string) => pixelsOf(readFileSync(join(FOLDER, `${name}.png`)))

beforeAll(() => loadFont())

describe('by its content, a picture is the golden one', () => {
  test.each(Object.keys(CHARTS))('%s', async (name) => {
    const file = join(FOLDER, `${name}.png`)
    // GOLDEN=write makes them anew, to be looked at before they are committed.
    if (process.env.GOLDEN === 'write') {
      const { chart, locale } = CHARTS[name]!
      writeFileSync(file, (await draw(chartText(chart, locale, ZONE))).png)
    }
    expect(apart(await drawn(CHARTS[name]!), await golden(name))).toBeLessThan(NEAR)
  })
})

describe('the comparison sees', () => {
  const hours = CHARTS.hours as { chart: BarChart; locale: Locale }

  test('a value that is 5 % too high', async () => {
    const [own, other] = hours.chart.series as [BarChart['series'][0], BarChart['series'][0]]
    const values = own.values.map((value, hour) => (hour === 3 && value ? value * 1.05 : value))
    const chart = { ...hours.chart, series: [{ ...own, values }, other] }
    expect(apart(await drawn({ ...hours, chart }), await golden('hours'))).toBeGreaterThan(NEAR)
  })

  test('another label', async () => {
    const chart = { ...hours.chart, labels: hours.chart.labels.with(4, '14') }
    expect(apart(await drawn({ ...hours, chart }), await golden('hours'))).toBeGreaterThan(NEAR)
  })

  test('a bar that is not hatched', async () => {
    const series = hours.chart.series.map(({ isEstimated: _, ...one }) => one)
    expect(
      apart(await drawn({ ...hours, chart: { ...hours.chart, series } }), await golden('hours')),
    ).toBeGreaterThan(NEAR)
  })

  test('a missing font, which is also told', async () => {
    expect(() => loadFont('/nowhere/font.woff2')).toThrow('the font /nowhere/font.woff2 is missing')
    GlobalFonts.removeAll()
    try {
      expect(apart(await drawn(hours), await golden('hours'))).toBeGreaterThan(NEAR)
    } finally {
      loadFont()
    }
    expect(apart(await drawn(hours), await golden('hours'))).toBeLessThan(NEAR)
  })
})
