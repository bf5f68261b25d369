import { type DrawRecord, type DrawWord, NEW_RECORD, withWord } from '../../domain/abnormal/record.ts'
import type { Store, Versioned, Write } from '../../store/store.ts'

const keyOf = (breaker: string): string => `draw/${breaker}`

/** What is remembered of a breaker's draw; version 0 where nothing is yet. */
export async function getDraw(
  store: Store,
  breaker: string,
): Promise<Pick<Versioned<DrawRecord>, 'value' | 'version'>> {
  return (await store.get<DrawRecord>(keyOf(breaker))) ?? { value: NEW_RECORD, version: 0 }
}

/** The write that keeps it; it is found among the open ones while something stands, or somebody's word holds. */
export const drawWrite = (breaker: string, value: DrawRecord, version: number, at: number): Write => ({
  key: keyOf(breaker),
  value,
  version,
  index: { at, open: isRemembered(value) },
})

const isRemembered = ({ standing, accepted, mutedUntil }: DrawRecord): boolean =>
  standing.length + accepted.length > 0 || mutedUntil !== undefined

/** The write that a person's word asks for. */
export async function wordWrite(store: Store, breaker: string, word: DrawWord, now: number): Promise<Write> {
  const { value, version } = await getDraw(store, breaker)
  return drawWrite(breaker, withWord(value, word), version, now)
}

/** Breakers of which something stands, or was said, with what. */
export async function rememberedDraws(store: Store): Promise<{ breaker: string; record: DrawRecord }[]> {
  const found = await store.list<DrawRecord>({ kind: 'draw', open: true, limit: 10_000 })
  return found.map(({ key, value }) => ({ breaker: key.slice('draw/'.length), record: value }))
}
