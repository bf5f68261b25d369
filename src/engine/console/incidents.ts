import type { Incident } from '../../domain/incident.ts'
import type { BreakerConfig } from '../../domain/policy.ts'
import { type Severity, severityOf } from '../../domain/severity.ts'
import type { Versioned } from '../../store/store.ts'
import type { Translate } from '../../text/translate.ts'
import { incidentKey, type Parts } from '../parts.ts'
import { incidentView } from './breakers.ts'
import { type Callers, rightsAt, type Viewer } from './caller.ts'
import { fits, type Page, type Slice, type Wanted } from './page.ts'

export interface IncidentsAsked extends Slice, Wanted {
  breaker?: string | undefined
  severity?: Severity | undefined
}

/** So many are read at a time. */
const CHUNK = 500
/** So long the count of all that are open is good for, ms: it takes reading all of them. */
const COUNTED = 10_000

/** What is counted of an open incident. */
type Counted = Pick<Incident, 'breaker'> & { severity: Severity }

/** A place in the list, newest first: behind this one. */
interface Place {
  at: number
  key: string
}

/** Open incidents, newest first, as far as somebody may see them. */
export function createIncidentReading(
  { store, now }: Pick<Parts, 'store' | 'now'>,
  { visible }: Callers,
  wordsFor: (viewer: Viewer, room: string) => Translate,
) {
  let counted: { at: number; all: Promise<Counted[]> } | undefined

  /** All that are open and lie behind a place. Several may have opened in one ms, so a place is more than a time. */
  async function* openBehind(place: Place | undefined): AsyncGenerator<Versioned<Incident>> {
    let behind = place
    let limit = CHUNK
    for (;;) {
      const before = behind && { before: behind.at + 1 }
      const rows = await store.list<Incident>({ kind: 'incident', open: true, limit, ...before })
      const next = rows.filter((one) => behind === undefined || isBehind(one, behind))
      yield* next
      if (rows.length < limit) return
      const last = next.at(-1)
      if (last) behind = placeOf(last)
      else limit *= 2
    }
  }

  async function readAll(): Promise<Counted[]> {
    const all: Counted[] = []
    for await (const { value } of openBehind(undefined)) all.push(countedOf(value))
    return all
  }

  /** As of a moment ago, whoever asks. */
  function allOpen(): Promise<Counted[]> {
    if (counted && now() - counted.at < COUNTED && now() >= counted.at) return counted.all
    const all = readAll()
    counted = { at: now(), all }
    all.catch(() => {
      counted = undefined
    })
    return all
  }

  return async (
    viewer: Viewer,
    asked: IncidentsAsked,
  ): Promise<Page<ReturnType<typeof seen>> & { total: number }> => {
    const { limit, cursor, breaker, severity } = asked
    const mine = new Map(
      visible(viewer.person)
        .filter((one) => fits(one, asked) && (breaker === undefined || one.id === breaker))
        .map((one) => [one.id, one]),
    )
    const isWanted = (one: Counted) =>
      mine.has(one.breaker) && (severity === undefined || one.severity === severity)
    const found: Incident[] = []
    if (mine.size > 0)
      for await (const { value } of openBehind(placeAt(cursor))) {
        if (isWanted(countedOf(value))) found.push(value)
        if (found.length > limit) break
      }
    const items = found.slice(0, limit)
    const hasMore = found.length > limit
    const isWhole = cursor === undefined && !hasMore
    return {
      items: items.map((one) => seen(viewer, one, mine.get(one.breaker)!)),
      next: hasMore ? cursorOf(items.at(-1)!) : null,
      total: isWhole ? items.length : (await allOpen()).filter(isWanted).length,
    }
  }

  function seen(viewer: Viewer, incident: Incident, config: BreakerConfig) {
    return {
      ...incidentView(incident, config, wordsFor(viewer, config.room)),
      rights: rightsAt(viewer.person, config),
    }
  }
}

const countedOf = (incident: Incident): Counted => ({
  breaker: incident.breaker,
  severity: severityOf(incident),
})

const placeOf = ({ key, value }: Versioned<Incident>): Place => ({ at: value.openedAt, key })

const isBehind = ({ key, value: { openedAt } }: Versioned<Incident>, { at, key: than }: Place): boolean =>
  openedAt < at || (openedAt === at && key < than)

/** Says where it lies, so that it holds also when that incident has ended. */
const cursorOf = ({ openedAt, id }: Incident): string => `${openedAt}-${id}`

function placeAt(cursor: string | undefined): Place | undefined {
  const [, at, id] = /^(\d+(?:\.\d+)?)-(.+)$/.exec(cursor ?? '') ?? []
  return at === undefined ? undefined : { at: Number(at), key: incidentKey(id!) }
}
