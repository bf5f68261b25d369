/**
 * A thread of the store, beside the one that runs the program: either the one that owns the file and writes to it, or
 * one that reads what takes long.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { StoreError } from '../errors.ts'
import type { Keep } from '../keep.ts'
import { checkAudit, openDatabase, openForReading } from './database.ts'
import type { Turn } from './protocol.ts'
import { type Ask, createReading } from './reading.ts'
import { createTurns } from './turns.ts'

/** What a thread is started for. */
export type Duty = { file: string; keep: Keep; isReader: boolean; checksAudit?: boolean }

/** What it says first. */
export type Opening = { chores: number } | { code: StoreError['code']; message: string }

const port = parentPort!
const { file, keep, isReader, checksAudit } = workerData as Duty

/** How many messages, and operations, are carried out together at most: some milliseconds of work. */
const MOST = 64
const MOST_OPERATIONS = 128

/** Carries out the messages that have come, together, and answers them; null closes. */
function serve<Message>(
  close: () => void,
  weight: (message: Message) => number,
  answer: (messages: Message[]) => unknown[],
) {
  port.on('message', (first: Message | null) => {
    const messages = [first]
    let sum = first === null ? 0 : weight(first)
    while (messages.length < MOST && sum < MOST_OPERATIONS) {
      const next = receiveMessageOnPort(port)
      if (!next) break
      messages.push(next.message)
      if (next.message !== null) sum += weight(next.message)
    }
    const some = messages.filter((one) => one !== null)
    if (some.length > 0) port.postMessage(answer(some))
    if (some.length === messages.length) return
    close()
    port.close()
  })
}

function open(): Opening {
  try {
    if (isReader) {
      const db = openForReading(file)
      if (checksAudit) checkAudit(db, file)
      const read = createReading(db)
      serve<Ask>(
        () => db.close(),
        () => MOST_OPERATIONS,
        (asks) => asks.map(read),
      )
      return { chores: 0 }
    }
    const { db, close } = openDatabase(file)
    try {
      const turns = createTurns(db, keep)
      serve<Turn>(close, ({ operations }) => operations.length, turns.carryOut)
      return { chores: turns.chores }
    } catch (error) {
      close()
      throw error
    }
  } catch (error) {
    port.unref()
    if (error instanceof StoreError) return { code: error.code, message: error.message }
    throw error
  }
}

port.postMessage([open()])
