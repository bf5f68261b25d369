import { tidy } from './command.ts'
import { localTime, startOfDay } from './local-time.ts'
import { type Message, message } from './message.ts'
import { type CalendarUnit, type Period, periodAt } from './periods.ts'

/** What the words after `电量` ask for. */
export interface EnergyAsked {
  /** Names a breaker, a group, a site, a room, or nothing. */
  name: string
  isRanking: boolean
  period?: PeriodWord
}

/** A period as it was written: so many before the present one, or by its date. */
export type PeriodWord =
  | { unit: CalendarUnit; shift: number }
  | { text: string; year?: number; month?: number; day?: number }

/** A period with the words that it is called by. */
export interface NamedPeriod extends Period {
  name: Message | string
}

const RELATIVE: Record<string, [CalendarUnit, number]> = {
  今天: ['day', 0],
  今日: ['day', 0],
  today: ['day', 0],
  昨天: ['day', -1],
  昨日: ['day', -1],
  yesterday: ['day', -1],
  前天: ['day', -2],
  本周: ['week', 0],
  这周: ['week', 0],
  'this week': ['week', 0],
  上周: ['week', -1],
  'last week': ['week', -1],
  本月: ['month', 0],
  这个月: ['month', 0],
  'this month': ['month', 0],
  上月: ['month', -1],
  上个月: ['month', -1],
  'last month': ['month', -1],
  今年: ['year', 0],
  'this year': ['year', 0],
  去年: ['year', -1],
  'last year': ['year', -1],
}

const words = (isWanted: (word: string) => boolean) => Object.keys(RELATIVE).filter(isWanted).join('|')
const isLatin = (word: string) => /^[a-z]/.test(word)
/** Chinese may stand right beside a name; a date in digits, which may be part of one, may not. */
const GLUED = `${words((word) => !isLatin(word))}|(?:\\d{4}年)?\\d{1,2}月(?:\\d{1,2}[日号])?|\\d{4}年`
const APART = `${words(isLatin)}|\\d{4}-\\d{1,2}(?:-\\d{1,2})?|\\d{1,2}-\\d{1,2}`
const RANKING = { glued: '排名|排行榜|排行', apart: 'ranking|rank' }

/**
 * Reads the words: what is asked for, of which period, and whether a ranking; the period before or behind the name.
 * @param isName true for what is the whole name of something, which is read no further
 */
export function readEnergy(rest: string, isName: (text: string) => boolean): EnergyAsked {
  const asked: EnergyAsked = { name: tidy(rest), isRanking: false }
  for (;;) {
    if (isName(asked.name)) return asked
    const ranking = asked.isRanking ? undefined : taken(asked.name, RANKING.glued, RANKING.apart)
    const period = asked.period ? undefined : taken(asked.name, GLUED, APART)
    const word = period && wordOf(period.word)
    if (ranking) Object.assign(asked, { name: ranking.rest, isRanking: true })
    else if (period && word) Object.assign(asked, { name: period.rest, period: word })
    else return asked
  }
}

/** Takes a word off the end or the beginning. */
function taken(text: string, glued: string, apart: string): { word: string; rest: string } | undefined {
  const end = new RegExp(`^(?:(.*?)\\s*(${glued})|(.*\\s|)(${apart}))$`, 'i').exec(text)
  const begin = end ? null : new RegExp(`^(?:(${glued})\\s*(.*)|(${apart})\\s+(.*))$`, 'i').exec(text)
  const [, a = '', b = '', c = '', d = ''] = end ?? begin ?? []
  if (end) return { word: (b || d).toLowerCase(), rest: (b ? a : c).trim() }
  return begin ? { word: (a || c).toLowerCase(), rest: (a ? b : d).trim() } : undefined
}

function wordOf(text: string): PeriodWord | undefined {
  const relative = Object.hasOwn(RELATIVE, text) ? RELATIVE[text] : undefined
  if (relative) return { unit: relative[0], shift: relative[1] }
  const [, year, month, day] =
    /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text) ??
    /^(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})[日号])?$/.exec(text) ??
    /^()(\d{1,2})-(\d{1,2})$/.exec(text) ??
    []
  const [y, m, d] = [year, month, day].map((part) => (part ? Number(part) : undefined))
  if (y === undefined && m === undefined) return undefined
  // 2028 has a 29 February: whether a year has one is not asked where none was written.
  const isReal = new Date(Date.UTC(y ?? 2028, (m ?? 1) - 1, d ?? 1)).getUTCMonth() === (m ?? 1) - 1
  if (!isReal || m === 0 || d === 0) return undefined
  return {
    text,
    ...(y !== undefined && { year: y }),
    ...(m !== undefined && { month: m }),
    ...(d !== undefined && { day: d }),
  }
}

/** The period that a word means at a moment. One without a year is the last one that has begun. */
export function periodOf(word: PeriodWord, now: number, timezone: string): NamedPeriod {
  if ('unit' in word) {
    const { unit, shift } = word
    return { ...periodAt(unit, now, timezone, shift), name: message(NAMES[unit][-shift]!) }
  }
  const { text, year, month, day } = word
  const unit = month === undefined ? 'year' : day === undefined ? 'month' : 'day'
  const thisYear = localTime(now, timezone).year
  const begin = (of: number) => startOfDay(of, month ?? 1, day ?? 1, timezone)
  const from = year === undefined && begin(thisYear) > now ? begin(thisYear - 1) : begin(year ?? thisYear)
  return { ...periodAt(unit, from, timezone), name: text }
}

const NAMES = {
  day: ['energy.today', 'energy.yesterday', 'energy.two-days-ago'],
  week: ['energy.week', 'energy.last-week'],
  month: ['energy.month', 'energy.last-month'],
  year: ['energy.year', 'energy.last-year'],
} as const
