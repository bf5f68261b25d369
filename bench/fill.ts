import { DatabaseSync } from 'node:sqlite'
import { openSqliteStore } from '../src/store/sqlite/open.ts'
import { FIRST_BREAKER, READ } from './pushes.ts'

/**
 * Fills a file with what a service leaves that has run for long: ids of finished jobs, readings, and state of chats, so
 * many of each. Directly, since the driver would take minutes.
 */
export async function fill(file: string, rows: number): Promise<void> {
  await (await openSqliteStore(file)).close()
  const db = new DatabaseSync(file)
  const numbers = `WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${rows - 1})`
  const now = Date.now()
  db.exec(`
    PRAGMA synchronous = OFF;
    BEGIN;
    ${numbers} INSERT INTO ended SELECT 'push:' || lower(hex(randomblob(12))), ${now + 3_600_000} FROM n;
    ${numbers} INSERT OR IGNORE INTO samples
      SELECT ${FIRST_BREAKER} + n % ${READ}, ${now} - 30000.0 * (n / ${READ} + 1), 229.8, 12.4, 2850, 1500 + n / 1000.0 FROM n;
    ${numbers} INSERT INTO documents SELECT 'message/telegram:-100:' || n, 'message',
      '{"subject":"abcdefghijkl","circuit":"power","breaker":"100001","padding":"${'x'.repeat(100)}"}', 1, ${now}, 0 FROM n;
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE)`)
  db.close()
}
