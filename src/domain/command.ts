import { clip, utf16Units } from './characters.ts'

/** What can be typed. */
export const COMMANDS = [
  'ack',
  'unack',
  'handover',
  'reclose',
  'open',
  'off',
  'confirm',
  'confirm-off',
  'cancel',
  'hold',
  'release',
  'unlock',
  'stop',
  'energy',
  'report-day',
  'report-week',
  'report-month',
  'export',
  'status',
  'list',
  'history',
  'oncall',
  'mute',
  'unmute',
  'normal',
  'mute-draw',
  'watch-draw',
  'maintenance',
  'maintenance-end',
  'quiet',
  'quiet-off',
  'cover',
  'cover-tonight',
  'cover-off',
  'plan',
  'drill',
  'control-off',
  'control-on',
  'confirm-control-on',
  'console',
  'console-off',
  'bind',
  'unbind',
  'whoami',
  'help',
] as const
export type CommandName = (typeof COMMANDS)[number]

/** The words for each command; the first of each language is the one that help shows. */
const WORDS: Record<CommandName, { zh: string[]; en: string[] }> = {
  ack: { zh: ['确认', '确认告警', '收到'], en: ['ack', 'acknowledge'] },
  unack: { zh: ['取消确认', '放弃确认'], en: ['unack', 'unacknowledge'] },
  handover: { zh: ['转交', '移交'], en: ['hand over', 'handover', 'reassign'] },
  reclose: { zh: ['合闸', '送电'], en: ['reclose', 'close'] },
  open: { zh: ['分闸', '断电', '拉闸'], en: ['open'] },
  off: { zh: ['全关', '全部分闸'], en: ['off', 'full off'] },
  confirm: { zh: ['确认合闸', '确认 合闸'], en: ['confirm', 'confirm close'] },
  'confirm-off': { zh: ['确认全关', '确认 全关'], en: ['confirm off', 'confirm full off'] },
  cancel: {
    zh: ['取消', '取消合闸', '取消 合闸', '取消全关', '取消 全关', '停止'],
    en: ['cancel', 'cancel close', 'cancel off', 'cancel full off', 'stop'],
  },
  hold: { zh: ['挂牌'], en: ['hold'] },
  release: { zh: ['摘牌'], en: ['release'] },
  unlock: { zh: ['解锁', '解除闭锁'], en: ['unlock'] },
  stop: { zh: ['停止自动合闸'], en: ['stop reclosing'] },
  energy: { zh: ['电量', '用电', '查电量'], en: ['energy'] },
  'report-day': { zh: ['日报'], en: ['report', 'daily report', 'report day'] },
  'report-week': { zh: ['周报'], en: ['report week', 'weekly report'] },
  'report-month': { zh: ['月报'], en: ['report month', 'monthly report'] },
  export: { zh: ['导出'], en: ['export'] },
  status: { zh: ['状态'], en: ['status'] },
  list: { zh: ['列表'], en: ['list'] },
  oncall: { zh: ['值班'], en: ['oncall', 'on call', 'on duty'] },
  mute: { zh: ['静音'], en: ['mute'] },
  normal: { zh: ['正常', '这是正常的', '这正常'], en: ['normal', 'this is normal'] },
  'mute-draw': { zh: ['用电静音'], en: ['mute draw'] },
  'watch-draw': { zh: ['恢复用电监测', '撤回正常'], en: ['watch draw', 'not normal'] },
  unmute: { zh: ['取消静音', '解除静音'], en: ['unmute'] },
  maintenance: { zh: ['维护'], en: ['maintenance'] },
  'maintenance-end': { zh: ['维护结束', '结束维护'], en: ['maintenance end', 'end maintenance'] },
  quiet: { zh: ['免打扰'], en: ['quiet'] },
  'quiet-off': { zh: ['免打扰 取消', '取消免打扰'], en: ['quiet off'] },
  cover: { zh: ['代班', '我值班'], en: ['cover'] },
  'cover-tonight': { zh: ['今晚我值班'], en: ['cover tonight'] },
  'cover-off': { zh: ['取消代班'], en: ['cover off'] },
  plan: { zh: ['告警计划', '升级计划', '谁会收到', '升级'], en: ['plan', 'escalation', 'who gets'] },
  drill: { zh: ['演练', '告警演练', '测试'], en: ['drill', 'test alarm', 'test'] },
  history: { zh: ['历史', '记录'], en: ['history'] },
  'control-off': { zh: ['停控', '停用遥控'], en: ['control off'] },
  'control-on': { zh: ['复控', '恢复遥控'], en: ['control on'] },
  'confirm-control-on': { zh: ['确认复控', '确认 复控'], en: ['confirm control on'] },
  console: { zh: ['控制台'], en: ['console'] },
  'console-off': { zh: ['控制台 退出', '退出控制台'], en: ['console off'] },
  bind: { zh: ['绑定'], en: ['bind'] },
  unbind: { zh: ['解绑'], en: ['unbind'] },
  whoami: { zh: ['我是谁'], en: ['whoami', 'who am i'] },
  help: { zh: ['帮助'], en: ['help', 'start', '?'] },
}

const SPELLINGS: { command: CommandName; word: string; glues: boolean }[] = COMMANDS.flatMap((command) => [
  ...WORDS[command].zh.map((word) => ({ command, word, glues: true })),
  ...WORDS[command].en.map((word) => ({ command, word, glues: false })),
]).sort((a, b) => b.word.length - a.word.length)

/** What may stand between a breaker and whom it is handed over to. */
export const RECEIVER_WORD = /(?:(?:^|\s)to|给)$/i

/** The word that help shows for a command. */
export function wordFor(command: CommandName, language: 'zh' | 'en'): string {
  return WORDS[command][language][0]!
}

export type Parsed =
  | { kind: 'command'; command: CommandName; rest: string; exact: boolean }
  | { kind: 'unknown'; word: string; nearest: CommandName | undefined }
  | { kind: 'empty' }

/**
 * Reads a typed line: full-width characters, case, a leading slash and mentions make no difference. A Chinese
 * command may stand right before its object («电量3号增氧机»); `exact` says that it did not.
 */
export function parseCommand(text: string): Parsed {
  const line = tidy(text)
  if (line === '') return { kind: 'empty' }
  const lower = line.toLowerCase()
  for (const { command, word, glues } of SPELLINGS) {
    if (!lower.startsWith(word)) continue
    const after = line.slice(word.length)
    const exact = after === '' || STOPS.test(after)
    if (exact || glues) return { kind: 'command', command, rest: after.replace(STOPS, ''), exact }
  }
  const [word = ''] = line.split(' ')
  return { kind: 'unknown', word: clip(word, 40, utf16Units), nearest: nearestCommand(word.toLowerCase()) }
}

/** What may stand between a command and its object, or after a command that has none. */
const STOPS = /^[\s,.:!;。、]+/

/** What a reason is cut to: a card can show no more. */
const MAX_REASON = 100

/** A reason as typed; without anything to be seen there is none. */
export function reasonOf(text: string): { reason?: string } {
  const reason = clip(folded(text), MAX_REASON, utf16Units)
  return reason === '' ? {} : { reason }
}

/** Folds width and blanks, those that nobody sees as well. */
export const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff\s]+/g, ' ')
    .trim()

/** Folds width, blanks and mentions: «＠机器人　／合闸　３号» → «合闸 3号». */
export function tidy(text: string): string {
  return folded(text)
    .replace(/^(?:@\S+ ?|\/ ?)+/, '')
    .replace(/(?: @\S+)+$/, '')
    .replace(/^([a-z]+)@\S+/i, '$1')
    .trim()
}

/** Longer than a command, its slips and an object stuck to it: to compare that with every word would take long. */
const LONGEST = 64

/** The command whose word is most like this one, if any is; of a Chinese word its object may be a part. */
function nearestCommand(word: string): CommandName | undefined {
  if (word.length > LONGEST) return undefined
  const scored = SPELLINGS.map(({ command, word: known, glues }) => ({
    command,
    far: distance(glues ? word.slice(0, known.length) : word, known),
    length: known.length,
  }))
  const best = scored.reduce((a, b) => (b.far < a.far ? b : a))
  return best.far < best.length && best.far <= best.length / 2 ? best.command : undefined
}

/** Levenshtein's distance: how many letters must be put in, left out or changed. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap))
    }
    row = next
  }
  return row[b.length]!
}
