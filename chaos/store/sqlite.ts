import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { BreakerState } from '../../src/domain/breaker.ts'
import { openStore } from '../../src/store/open.ts'
import { openSqliteReader } from '../../src/store/sqlite/reader.ts'
import { ALL } from '../state.ts'
import type { StoreUnderTest } from './store.ts'

export function sqliteUnderTest(folder: string): StoreUnderTest {
  const file = join(folder, 'breakerbot.db')
  return {
    url: `sqlite:${file}`,
    onNextCommit: (tell) => onNextWrite(`${file}-wal`, tell),
    async breakers() {
      const reader = openSqliteReader(file)
      try {
        return reader.list<BreakerState>({ kind: 'breaker', limit: ALL }).map((one) => one.value)
      } finally {
        reader.close()
      }
    },
    open: () => openStore(`sqlite:${file}`),
    async close() {},
  }
}

/** Looks at the write-ahead log without pause until it changes, as it does with each commit. */
function onNextWrite(wal: string, tell: () => void): () => void {
  const mark = () => {
    const { size, mtimeNs } = statSync(wal, { bigint: true })
    return `${size} ${mtimeNs}`
  }
  const before = mark()
  let watching = true
  const look = () => {
    if (!watching) return
    if (mark() === before) setImmediate(look)
    else tell()
  }
  look()
  return () => {
    watching = false
  }
}
