import type { Parts } from './parts.ts'

/** How far this machine's clock was from the cloud's when it was last compared. */
export interface ClockStanding {
  /** s; negative when it is behind. */
  ahead: number
  /** When it was compared, ms since 1970. */
  at: number
  /** What is wrong and what to do. */
  detail?: string
}

/** Compares this machine's clock with the cloud's: signatures and the age of presses go by it. */
export interface ClockWatch {
  /** Undefined until the cloud has answered once. */
  standing(): ClockStanding | undefined
  start(): void
  stop(): void
}

/** A clock further off than this makes signatures fail, as far as is known. ms. */
const TOLERANCE = 60_000
const EVERY = 300_000

export function createClockWatch({ cloud, log, now }: Pick<Parts, 'cloud' | 'log' | 'now'>): ClockWatch {
  let standing: ClockStanding | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function look(): Promise<void> {
    const answer = await cloud.ntp()
    if (stopped) return
    // That the cloud does not answer is told by those who need it.
    if (answer.ok) become(answer.data)
    timer = setTimeout(look, EVERY)
  }

  function become(off: number): void {
    const ahead = Math.round(off / 1000)
    const isWrong = Math.abs(off) > TOLERANCE
    const detail = `This machine’s clock is ${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead of'} the cloud’s: set it by NTP.`
    if (isWrong) log.warn({ ahead }, detail)
    else if (standing?.detail) log.info({ ahead }, 'the clock is right again')
    standing = { ahead, at: now(), ...(isWrong && { detail }) }
  }

  return {
    standing: () => standing,
    start: () => void look(),
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
