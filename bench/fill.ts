import { DatabaseSync } from 'node:sqlite'
import { openSqliteStore } from '../src/store/sqlite/open.ts'
import { FIRST_BREAKER, READ } from './pushes.ts'

/**
 * Fills a file with what a service leaves that has run for long: ids of finished jobs, readings, state of chats, and the
 * audit, so many of each. Directly, since the driver would take minutes.
 * @param breakers whose readings they are
 */
export async function fill(file: string, rows: number, breakers = READ): Promise<void> {
  await (await openSqliteStore(file)).close()
  const db = new DatabaseSync(file)
  const numbers = `WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${rows - 1})`
  const now = Date.now()
  db.exec(`
    PRAGMA synchronous = OFF;
    BEGIN;
    ${numbers} INSERT INTO ended SELECT 'push:' || lower(hex(randomblob(12))), ${now + 3_600_000} FROM n;
    ${numbers} INSERT OR IGNORE INTO samples
      SELECT ${FIRST_BREAKER} + n % ${breakers}, ${now} - 30000.0 * (n / ${breakers} + 1), 229.8, 12.4, 2850, 1500 + n / 1000.0, NULL
      FROM n;
    ${numbers} INSERT INTO audit SELECT n + 1, ${now} - 1000.0, 'system', 'incident.opened', '' || (${FIRST_BREAKER} + n % ${breakers}),
      '{"incident":"abcdefghijkl","circuit":"power","cause":"overload","discovery":"event"}', lower(hex(randomblob(32))) FROM n;
    ${numbers} INSERT INTO documents SELECT 'message/telegram:-100:' || n, 'message',
      '{"subject":"abcdefghijkl","circuit":"power","breaker":"100001","padding":"${'x'.repeat(100)}"}', 1, ${now}, 0 FROM n;
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE)`)
  db.close()
}
