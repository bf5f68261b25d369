import { countOf, type GroupRun, isStoppable, missed, type RunStep, reached } from '../../domain/group-run.ts'
import { may } from '../../domain/people.ts'
import { type Translate, translator } from '../../text/translate.ts'
import { getRun, type Parts, standingRuns } from '../parts.ts'
import { said } from './breakers.ts'
import type { Callers, Viewer } from './caller.ts'

/** Of those that have ended, so many are looked through. */
const LOOKED_THROUGH = 200
/** So many of what went wrong are named in a list. */
const NAMED = 20

/** Group runs, as far as somebody sees all breakers of them. */
export function createRunReading(parts: Parts, { visible }: Callers) {
  const { store } = parts

  function sees({ person }: Viewer): (run: GroupRun) => boolean {
    const mine = new Set(visible(person).map((one) => one.id))
    return (run) => run.steps.every((one) => mine.has(one.breaker))
  }

  async function find(viewer: Viewer, id: string): Promise<GroupRun | undefined> {
    const run = (await getRun(store, id))?.value
    return run && sees(viewer)(run) ? run : undefined
  }

  const wordsFor = ({ locale }: Viewer) => translator(locale, parts.policy.timezone)

  return {
    find,
    /** Those that stand, and so many of the newest that have ended. */
    async newest(viewer: Viewer, ended: number) {
      const standing = await standingRuns(store)
      const past =
        ended > 0 ? await store.list<GroupRun>({ kind: 'run', open: false, limit: LOOKED_THROUGH }) : []
      const isMine = sees(viewer)
      const items = [
        ...standing.filter(isMine),
        ...past
          .map(({ value }) => value)
          .filter(isMine)
          .slice(0, ended),
      ]
      return { items: items.map((run) => runView(viewer, run, wordsFor(viewer))) }
    },
    /** Undefined where there is none that they may see. */
    async run(viewer: Viewer, id: string) {
      const run = await find(viewer, id)
      const t = wordsFor(viewer)
      return run && { ...runView(viewer, run, t), steps: run.steps.map((one) => stepView(one, t)) }
    },
  }
}

function runView({ caller, person }: Viewer, run: GroupRun, t: Translate) {
  const mayStop = caller.via === 'console' && isStoppable(run) && may(person, 'open')
  const astray = run.steps.filter(({ standing }) => MISSED.includes(standing))
  return {
    id: run.id,
    to: run.to,
    place: run.place,
    stage: run.stage,
    version: run.version,
    askedBy: run.askedBy.person,
    askedAt: run.askedAt,
    expiresAt: run.expiresAt,
    endedAt: run.endedAt ?? null,
    stopped: run.stopped ? said(t, run.stopped) : null,
    // Stopping one takes the word too.
    nonce: mayStop ? run.nonce : null,
    circuits: run.steps.length,
    reached: reached(run),
    missed: missed(run),
    waiting: countOf(run, 'waiting'),
    astray: astray.slice(0, NAMED).map((one) => stepView(one, t)),
  }
}

const MISSED: readonly RunStep['standing'][] = ['refused', 'failed', 'unconfirmed', 'second-person']

const stepView = ({ breaker, circuit, title, standing, why = [] }: RunStep, t: Translate) => ({
  breaker,
  circuit,
  title,
  standing,
  why: why.map((one) => said(t, one)),
})
