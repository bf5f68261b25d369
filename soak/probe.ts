/** What the service's process holds, seen from within right after garbage was collected. */
export interface Sample {
  /** When it was taken, ms since 1970. */
  at: number
  /** Of the main thread, and what hangs on it outside of the heap. MB. */
  heap: number
  external: number
  /** Of the whole process, threads included. MB. */
  resident: number
  /** What keeps the loop alive, counted by kind. */
  resources: Record<string, number>
}

/** How the process ended: whether nothing was left to keep it, and what was. */
export interface Ending {
  byItself: boolean
  left: Record<string, number>
}

/** The question that is answered with a {@link Sample}. */
export const ASK = 'sample'
/** Names the file that the {@link Ending} is written to. */
export const ENDING_FILE = 'SOAK_ENDING'
