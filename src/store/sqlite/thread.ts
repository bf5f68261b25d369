/**
 * A thread of the store, beside the one that runs the program: either the one that owns the file and writes to it, or
 * one that reads what takes long.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { StoreError } from '../errors.ts'
import type { Keep } from '../keep.ts'
import { checkAudit, openDatabase, openForReading } from './database.ts'
import type { Turn } from './protocol.ts'
import { type Ask, createReading, memoryOf, type Page } from './reading.ts'
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

/**
 * Carries out the messages that have come, together, and answers them; null closes.
 * @param memory of answers: handed over instead of copied
 */
function serve<Message, Answer>(
  close: () => void,
  weight: (message: Message) => number,
  answer: (messages: Message[]) => Answer[],
  memory: (answers: Answer[]) => ArrayBuffer[] = () => [],
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
    if (some.length > 0) {
      const answers = answer(some)
      port.postMessage(answers, memory(answers))
    }
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
      serve<Ask, Page>(
        () => db.close(),
        () => MOST_OPERATIONS,
        (asks) => asks.map(read),
        (pages) => pages.flatMap(memoryOf),
      )
      return { chores: 0 }
    }
    const { db, close } = openDatabase(file)
    try {
      const turns = createTurns(db, keep)
      serve(close, ({ operations }: Turn) => operations.length, turns.carryOut)
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
