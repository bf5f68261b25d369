import type { Violation } from '../chaos/verdict.ts'

/** Lines of level error that the plan's faults are expected to bring, and what of. */
const EXPECTED: readonly RegExp[] = [
  // A chat's group has thrown the bot out for a while.
  /^a message was refused for good$/,
  // It does so with an alarm, or has not taken one in time.
  /^a chat did not get alarms$/,
  // A text whose outcome stayed unknown is repeated once only.
  /^a message was given up$/,
  // The cloud is slow, answers pages or nothing.
  /^reconciliation failed$/,
  // A platform refuses the credentials for a while, or a second instance takes the bot's connection.
  /^connection failed$/,
]

/** pino's numbers. */
const ERROR = 50

interface Line {
  level: number
  msg: string
}

export interface LogCheck {
  /** What the expected errors say, each time. */
  expected: string[]
  violations: Violation[]
}

/** No secret, nothing that nobody caught, no error but the expected ones, and nothing that is no line of the log. */
export function checkLog(text: string, secrets: readonly string[]): LogCheck {
  const expected: string[] = []
  const violations: Violation[] = []
  for (const written of text.split('\n').filter(Boolean)) {
    const secret = secrets.find((one) => one.length >= 6 && written.includes(one))
    if (secret !== undefined)
      violations.push({ rule: 'secrets', what: 'a secret stands in the log', evidence: written })
    const line = parsed(written)
    if (!line)
      violations.push({ rule: 'log', what: `not of the log: ${written.slice(0, 200)}`, evidence: written })
    else if (line.level >= ERROR && line.level < ERROR + 10 && EXPECTED.some((one) => one.test(line.msg)))
      expected.push(line.msg)
    else if (line.level >= ERROR)
      violations.push({ rule: 'log', what: `unexpected: ${written.slice(0, 300)}`, evidence: line })
  }
  return { expected, violations }
}

function parsed(written: string): Line | undefined {
  try {
    const { level, msg } = JSON.parse(written) as Partial<Line>
    return typeof level === 'number' ? { level, msg: String(msg) } : undefined
  } catch {
    return undefined
  }
}
