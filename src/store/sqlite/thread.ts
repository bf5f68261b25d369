/**
 * A thread of the store, beside the one that runs the program: either the one that owns the file and writes to it, or
 * one that reads what takes long.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { StoreError } from '../errors.ts'
import type { Keep } from '../keep.ts'
import { openDatabase, openForReading } from './database.ts'
import type { Turn } from './protocol.ts'
import { type Ask, createReading } from './reading.ts'
import { createTurns } from './turns.ts'

/** What a thread is started for. */
export type Duty = { file: string; keep: Keep; isReader: boolean }

/** What it says first. */
export type Opening = { chores: number } | { code: StoreError['code']; message: string }

const port = parentPort!
const { file, keep, isReader } = workerData as Duty

/** Carries out each message and answers it; null closes. */
function serve<Message>(close: () => void, answer: (message: Message) => unknown) {
  port.on('message', (message: Message | null) => {
    if (message !== null) return port.postMessage(answer(message))
    close()
    port.close()
  })
}

function open(): Opening {
  try {
    if (isReader) {
      const db = openForReading(file)
      serve<Ask>(() => db.close(), createReading(db))
      return { chores: 0 }
    }
    const { db, close } = openDatabase(file)
    try {
      const turns = createTurns(db, keep)
      serve<Turn>(close, turns.carryOut)
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

port.postMessage(open())
