import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Commit, Store } from '../../../src/store/store.ts'
import { createStoreModel } from '../support/model.ts'
import { job, quiet, record, START, type World } from '../support/world.ts'

/** A commit over few keys and ids, so that they meet. */
const commitShape = fc.record({
  writes: fc.uniqueArray(
    fc.record({
      id: fc.nat(2),
      value: fc.option(fc.nat()),
      version: fc.nat(2),
      at: fc.nat(3),
      open: fc.boolean(),
    }),
    { selector: ({ id }) => id, maxLength: 2 },
  ),
  jobs: fc.array(
    fc.record({ id: fc.nat(9), priority: fc.nat(2), collapse: fc.option(fc.constantFrom('x', 'y')) }),
    {
      maxLength: 3,
    },
  ),
  cancel: fc.array(fc.nat(9), { maxLength: 1 }),
  done: fc.option(fc.nat(9), { freq: 3 }),
  takes: fc.option(fc.nat(9), { freq: 3 }),
})

type CommitShape = typeof commitShape extends fc.Arbitrary<infer Shape> ? Shape : never

/** Gives each run of the property names of its own, so that runs can share a store. */
function toCommit(shape: CommitShape, space: string, serial: number): Commit {
  const jobId = (id: number) => `${space}-${id}`
  return {
    writes: shape.writes.map(({ id, value, version, at, open }) => ({
      key: `${space}/${id}`,
      value,
      version,
      index: { at, open },
    })),
    jobs: shape.jobs.map(({ id, priority, collapse }) =>
      job(jobId(id), { queue: space, priority, ...(collapse && { collapse: `${space} ${collapse}` }) }),
    ),
    cancel: shape.cancel.map(jobId),
    audit: [{ at: START + serial, who: 'system', what: `commit.${serial}`, subject: space }],
    ...(shape.done !== null && { done: jobId(shape.done) }),
    ...(shape.takes !== null && { takes: job(jobId(shape.takes), { queue: space }) }),
  }
}

/** Any commits, some at once, some after each other, against the model. */
export function modelConformance(world: () => World): void {
  async function waitingJobs(store: Store, queue: string) {
    const recorder = record(store, undefined, { queue, concurrency: 1 })
    await quiet(store, queue)
    await recorder.stop()
    return recorder.ids()
  }

  it('agrees with a model in memory over any sequence of commits', async () => {
    const { store } = world()
    let runs = 0
    const property = fc.asyncProperty(
      fc.array(fc.array(commitShape, { maxLength: 4 }), { maxLength: 6 }),
      async (groups) => {
        const space = `space${++runs}`
        const model = createStoreModel()
        let serial = 0
        for (const group of groups) {
          const commits = group.map((shape) => toCommit(shape, space, ++serial))
          const answers = await Promise.all(commits.map((one) => store.commit(one).catch(() => 'refused')))
          expect(answers).toEqual(commits.map((one) => model.apply(one)))
        }
        for (const open of [true, false])
          expect(await store.list({ kind: space, open })).toEqual(model.list(open))
        expect(await store.list({ kind: space })).toEqual(model.list())
        expect((await store.audit({ subjects: [space] })).map(({ what }) => what)).toEqual(model.audit)
        expect(await waitingJobs(store, space)).toEqual(model.waiting())
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })
}
