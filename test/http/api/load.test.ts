import { expect, test } from 'vitest'
import { type ApiRig, apiRig, PUMP, tokenOf } from './support.ts'

const meter = { token: tokenOf('meter') }
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
/** Midnight in the room's zone, Asia/Shanghai. */
const MIDNIGHT = Date.UTC(2026, 0, 9, 16)

async function read(rig: ApiRig, query: Record<string, string | number>) {
  const asked = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  const answer = await rig.call(meter, 'GET', `/breakers/${PUMP}/load?${asked}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json() as {
    timezone: string
    items: {
      from: number
      to: number
      samples: number
      current: { min: number; mean: number; max: number }
    }[]
  }
}

/** A reading each half minute from three hours before midnight until three after it; 10 A, one of 40 A in the end. */
async function measured(): Promise<ApiRig> {
  const rig = await apiRig()
  const samples = Array.from({ length: 720 }, (_, i) => {
    const current = i === 719 ? 40 : i % 2 === 0 ? 9 : 11
    return { device: PUMP, circuit: 'power', at: MIDNIGHT - 3 * HOUR + i * 30_000, current, voltage: 220 }
  })
  await rig.store.commit({ samples })
  return rig
}

test('by minute: least, mean and most of each that holds a reading', async () => {
  const rig = await measured()
  const { items, timezone } = await read(rig, { from: MIDNIGHT, to: MIDNIGHT + DAY })
  expect(timezone).toBe('Asia/Shanghai')
  expect(items).toHaveLength(180)
  expect(items[0]).toEqual({
    from: MIDNIGHT,
    to: MIDNIGHT + MINUTE,
    samples: 2,
    voltage: { min: 220, mean: 220, max: 220 },
    current: { min: 9, mean: 10, max: 11 },
    power: null,
  })
  expect(items.at(-1)!.current).toEqual({ min: 9, mean: 24.5, max: 40 })
})

test('by hour, and by the days of the room’s zone', async () => {
  const rig = await measured()
  const [from, to] = [MIDNIGHT - DAY, MIDNIGHT + DAY]
  const hours = await read(rig, { by: 'hour', from, to })
  expect(hours.items.map((one) => [(one.from - MIDNIGHT) / HOUR, one.samples])).toEqual(
    [-3, -2, -1, 0, 1, 2].map((hour) => [hour, 120]),
  )
  const days = await read(rig, { by: 'day', from, to })
  expect(days.items.map(({ samples, current }) => [samples, current.max])).toEqual([
    [360, 11],
    [360, 40],
  ])
  expect(days.items[0]).toMatchObject({ from: MIDNIGHT - 3 * HOUR, to: MIDNIGHT })
})

test.each([
  { by: 'minute', from: 0, to: 2 * DAY + 1 },
  { by: 'hour', from: 0, to: 62 * DAY + 1 },
  { by: 'day', from: 0, to: 800 * DAY + 1 },
  { by: 'minute', from: 10, to: 5 },
  { by: 'second', from: 0, to: 5 },
])('more than is good for anybody is refused: %o', async (query) => {
  const rig = await apiRig()
  const asked = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  const answer = await rig.call(meter, 'GET', `/breakers/${PUMP}/load?${asked}`)
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ error: 'INVALID' })
})
