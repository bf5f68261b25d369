import { expect, it } from 'vitest'
import { job, record, START, until, type World } from '../support/world.ts'

const DAY = 24 * 3_600_000
const ROWS = 100_000
const PAGE = 2000

/** A store with much in it. */
export function sizeConformance(world: () => World): void {
  /** The shortest of some times that it takes 500 jobs to be taken one by one and run, ms. */
  async function pace(name: string): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < 3; round++) {
      const jobs = Array.from({ length: 500 }, (_, n) => job(`${name} ${round} ${n}`))
      const began = performance.now()
      const recorder = record(world().store)
      await Promise.all(jobs.map((one) => world().store.enqueue([one])))
      await until(() => recorder.runs.length === jobs.length)
      await recorder.stop()
      times.push(performance.now() - began)
    }
    return Math.min(...times)
  }

  it('is as quick with 100,000 rows as with none', { timeout: 60_000 }, async () => {
    const empty = await pace('empty')
    for (let page = 0; page < ROWS; page += PAGE) {
      const ids = Array.from({ length: PAGE }, (_, n) => page + n)
      await world().store.commit({
        jobs: ids.map((n) =>
          job(`waiting ${n}`, { queue: 'later', lane: `l${n % 100}`, dueAt: START + DAY }),
        ),
        writes: ids.map((n) => ({
          key: `note/${n}`,
          value: { n },
          version: 0,
          index: { at: n, open: n % 1000 === 0 },
        })),
      })
    }
    // Beyond the pace of this machine, only what grows with the rows counts.
    expect(await pace('full')).toBeLessThan(4 * empty + 20)
    expect((await world().store.counts()).later?.waiting).toBe(ROWS)

    await world().reopen()
    expect(await pace('opened again')).toBeLessThan(4 * empty + 20)
    const open = await world().store.list({ kind: 'note', open: true, limit: 1000 })
    expect(open.length).toBe(ROWS / 1000)
    const first = record(world().store, async () => 'done', { queue: 'later', concurrency: 100 })
    world().advance(DAY)
    await until(() => first.runs.length > 1000)
    await first.stop()
    expect(new Set(first.ids()).size).toBe(first.runs.length)
  })
}
