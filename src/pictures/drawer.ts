import { fork } from 'node:child_process'
import type { ChartText } from '../text/chart-text.ts'
import type { Painted } from './painter.ts'
import type { Answer } from './studio.ts'

/** A process that draws one picture at a time. */
export interface Drawer {
  /** Resolves within so many ms, if only with the reason why there is no picture; then the process is of no use any more. */
  draw(chart: ChartText, within: number): Promise<Painted | Failed>
  /** Ends it; resolves when it is gone. */
  end(): Promise<void>
}

export interface Failed {
  why: string
  /** It could not even begin to draw: another one could not either. */
  isUnable?: boolean
}

/** What it may know of our environment: no secret is among it. */
const PASSED_ON = ['PATH', 'LD_LIBRARY_PATH', 'NODE_COMPILE_CACHE', 'TMPDIR'] as const

/** JavaScript's part of its memory, MB. */
const HEAP = 128

/** Starts a process that draws. */
export function startDrawer(script: URL): Drawer {
  const env = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]))
  const child = fork(script, {
    env,
    execArgv: [`--max-old-space-size=${HEAP}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const gone = Promise.withResolvers<void>()
  let isReady = false
  let lastWords = ''
  let answered: ((answer: Painted | Failed) => void) | undefined
  let failed: Failed | undefined

  function fail(why: string, isUnable = false): void {
    failed ??= { why, ...(isUnable && { isUnable }) }
    answered?.(failed)
  }

  child.stderr?.on('data', (text: Buffer) => {
    lastWords = `${lastWords}${text}`.slice(-2000)
  })
  child.on('message', (message: Answer) => {
    if (message === 'ready') isReady = true
    else answered?.(message)
  })
  child.on('error', (error) => {
    fail(error.message, !isReady)
    gone.resolve()
  })
  // All that it said has been read by then.
  child.on('close', (code, signal) => {
    fail(`the process that draws ended (${signal ?? `code ${code}`})${reasonIn(lastWords)}`, !isReady)
    gone.resolve()
  })

  return {
    async draw(chart, within) {
      const { promise, resolve } = Promise.withResolvers<Painted | Failed>()
      if (failed) return failed
      answered = resolve
      const late = setTimeout(() => {
        fail(`it took longer than ${Math.ceil(within / 1000)} s`)
        child.kill('SIGKILL')
      }, within)
      // Where that does not work, it has ended, and says so itself.
      child.send(chart, () => {})
      const answer = await promise
      clearTimeout(late)
      answered = undefined
      return answer
    },
    async end() {
      child.kill('SIGKILL')
      await gone.promise
    },
  }
}

/** The line of an error, without the places where it happened. */
function reasonIn(text: string): string {
  const line = text.split('\n').find((one) => /^(\w*Error|thread|FATAL)/.test(one.trim()))
  return line ? `: ${line.trim()}` : ''
}
