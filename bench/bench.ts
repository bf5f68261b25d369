import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from './subject.ts'

/** What each part is given. */
export interface Bench {
  /** To try it out: less of everything. */
  isQuick: boolean
  /** A new folder, which is gone at the end. */
  folder(): string
  /** The address of a new store in a file. */
  sqlite(): string
  /** Removes the folders. */
  clear(): void
}

/** Measures something and prints what it found. */
export type Part = (bench: Bench) => Promise<void>

export function createBench(isQuick: boolean): Bench {
  const folders: string[] = []
  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'breakerbot-bench-'))
    folders.push(path)
    return path
  }
  return {
    isQuick,
    folder,
    sqlite: () => `sqlite:${folder()}/bench.db`,
    clear() {
      for (const path of folders) rmSync(path, { recursive: true, force: true })
    },
  }
}

/** What is stopped when it has been used. */
interface Stoppable {
  stop(): Promise<void>
}

/** Starts something, uses it, and stops it whatever comes of that. */
export async function using<T extends Stoppable, R>(
  starting: Promise<T>,
  use: (one: T) => Promise<R>,
): Promise<R> {
  const one = await starting
  try {
    return await use(one)
  } finally {
    await one.stop()
  }
}

/** The same with several, by name. */
export async function usingAll(
  starting: Record<string, () => Promise<Subject>>,
  use: (subjects: Map<string, Subject>) => Promise<void>,
): Promise<void> {
  const subjects = new Map<string, Subject>()
  try {
    for (const [name, start] of Object.entries(starting)) subjects.set(name, await start())
    await use(subjects)
  } finally {
    for (const subject of subjects.values()) await subject.stop()
  }
}
