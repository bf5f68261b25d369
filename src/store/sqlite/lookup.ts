import type { DatabaseSync } from 'node:sqlite'
import { keepNewest, rememberNewest } from '../../domain/newest.ts'
import type { Versioned } from '../store.ts'
import { createDocumentTable, type DocumentText, kindOf, toVersioned, type WriteRow } from './documents.ts'

/** State by its key: looked up at once, on the thread that runs the program. */
export interface Lookup {
  get<T>(key: string): Versioned<T> | undefined
  /** Tells it what a commit has written. */
  written(rows: WriteRow[]): void
}

/** How many pieces of state are kept in memory: more than a fleet's breakers. */
const MOST = 20_000
/** Of so many keys is kept that there is nothing. */
const MOST_ABSENT = 1000

/**
 * Nobody else writes to the file, so that what was written or read last can be kept in memory. Only what is never
 * dropped for its age, though.
 * @param dropped the kinds of which old ones are dropped unless they are open
 */
export function createLookup(db: DatabaseSync, dropped: ReadonlySet<string>): Lookup {
  const documents = createDocumentTable(db)
  const kept = new Map<string, DocumentText>()
  const absent = new Set<string>()

  function keep(document: DocumentText) {
    if (document.open === 0 && dropped.has(kindOf(document.key))) kept.delete(document.key)
    else rememberNewest(kept, document.key, document, MOST)
  }

  function lack(key: string) {
    absent.add(key)
    keepNewest(absent, MOST_ABSENT)
  }

  function read(key: string): DocumentText | undefined {
    if (absent.has(key)) return undefined
    const found = documents.read(key)
    if (found) keep(found)
    else lack(key)
    return found
  }

  return {
    get<T>(key: string) {
      const found = kept.get(key) ?? read(key)
      return found && toVersioned<T>(found)
    },
    written(rows) {
      for (const { key, json, version, open } of rows) {
        absent.delete(key)
        if (json === null) kept.delete(key)
        else keep({ key, json, version: version + 1, open })
      }
    },
  }
}
