import type { GroupRun } from '../../domain/group-run.ts'
import { getRun, type Parts, standingRuns } from '../parts.ts'
import type { Callers, Viewer } from './caller.ts'

/** Group runs, as far as somebody sees all breakers of them. */
export function createRunReading({ store }: Parts, { visible }: Callers) {
  function sees({ person }: Viewer): (run: GroupRun) => boolean {
    const mine = new Set(visible(person).map((one) => one.id))
    return (run) => run.steps.every((one) => mine.has(one.breaker))
  }

  return {
    async find(viewer: Viewer, id: string): Promise<GroupRun | undefined> {
      const run = (await getRun(store, id))?.value
      return run && sees(viewer)(run) ? run : undefined
    },
    async standing(viewer: Viewer) {
      const found = (await standingRuns(store)).filter(sees(viewer))
      const items = found.map((run) => ({
        id: run.id,
        to: run.to,
        place: run.place,
        stage: run.stage,
        version: run.version,
        askedBy: run.askedBy.person,
        askedAt: run.askedAt,
        expiresAt: run.expiresAt,
        // Stopping one takes the word too.
        nonce: viewer.caller.via === 'console' ? run.nonce : null,
        steps: run.steps.map(({ breaker, circuit, title, standing }) => ({
          breaker,
          circuit,
          title,
          standing,
        })),
      }))
      return { items }
    },
  }
}
