import { utf16Units } from '../domain/characters.ts'
import type { Message } from '../domain/message.ts'
import type { ReportFacts } from '../domain/report-facts.ts'
import { reportLines } from '../domain/report-text.ts'
import type { Translate } from './translate.ts'

/** So many of each list at most: a screen or two of a phone. */
const MOST = 10
/** And so much in all: what may stand below a picture on any platform. */
const CHARACTERS = 1000

/** As much of a report as a chat's message should hold in one language; what is left out is counted. */
export function shortReport(facts: ReportFacts, t: Translate): Message[] {
  for (let most = MOST; most > 1; most--) {
    const lines = reportLines(facts, most)
    if (utf16Units(lines.map(t).join('\n')) <= CHARACTERS) return lines
  }
  return reportLines(facts, 1)
}
