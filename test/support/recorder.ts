import type { Log } from '../../src/domain/log.ts'

/** A log that keeps what it is told, one line each: the level, the message, the details as JSON. */
export function createRecorder(): { log: Log; lines: string[] } {
  const lines: string[] = []
  const at = (level: keyof Log) => (details: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(details)}`)
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines }
}
