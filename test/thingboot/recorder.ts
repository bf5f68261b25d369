import type { Log } from '../../src/domain/log.ts'

/** A log that keeps all that was written, as one text. */
export function createRecorder(): { log: Log; text(): string } {
  const lines: string[] = []
  const write = (details: object, message: string) => void lines.push(`${JSON.stringify(details)} ${message}`)
  return { log: { debug: write, info: write, warn: write, error: write }, text: () => lines.join('\n') }
}
