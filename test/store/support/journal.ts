import { readFileSync } from 'node:fs'

const HEADER = 32
const FRAME_HEADER = 24

/**
 * How many transactions the write-ahead journal of a SQLite file holds: a frame that ends one names the size of the
 * database after it (documented: https://sqlite.org/fileformat2.html#walformat). Good until the first checkpoint.
 */
export function countTransactions(file: string): number {
  const journal = readFileSync(`${file}-wal`)
  const pageSize = journal.readUInt32BE(8)
  let transactions = 0
  for (let at = HEADER; at + FRAME_HEADER + pageSize <= journal.length; at += FRAME_HEADER + pageSize) {
    if (journal.readUInt32BE(at + 4) > 0) transactions++
  }
  return transactions
}
