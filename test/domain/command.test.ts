import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  COMMANDS,
  type CommandName,
  distance,
  parseCommand,
  tidy,
  wordFor,
} from '../../src/domain/command.ts'

vi.setConfig({ testTimeout: 30_000 })

/** `reclose 3号` for a command with its object, `reclose~3号` where the object was glued to it. */
function read(text: string): string {
  const parsed = parseCommand(text)
  if (parsed.kind === 'empty') return ''
  if (parsed.kind === 'unknown') return `? ${parsed.word} → ${parsed.nearest}`
  return `${parsed.command}${parsed.rest === '' ? '' : `${parsed.exact ? ' ' : '~'}${parsed.rest}`}`
}

const WORDS: [CommandName, string][] = [
  ['ack', '确认 收到 确认告警 ack ACK Acknowledge'],
  ['reclose', '合闸 送电 reclose close Close CLOSE'],
  ['open', '分闸 断电 拉闸 open'],
  ['off', '全关 全部分闸 off'],
  ['confirm', '确认合闸 confirm'],
  ['confirm-off', '确认全关'],
  ['cancel', '取消 取消合闸 取消全关 停止 cancel stop'],
  ['energy', '电量 用电 查电量 energy'],
  ['status', '状态 status'],
  ['list', '列表 list'],
  ['history', '历史 记录 history'],
  ['control-off', '停控 停用遥控'],
  ['control-on', '复控 恢复遥控'],
  ['confirm-control-on', '确认复控'],
  ['bind', '绑定 bind'],
  ['unbind', '解绑 unbind'],
  ['whoami', '我是谁 whoami'],
  ['help', '帮助 help start ? ？'],
]

describe('every word, plain, with a slash, full-width, mentioned, with a suffix, with blanks around', () => {
  test.each(WORDS)('%s', (command, words) => {
    for (const word of words.split(' ')) {
      const full = [...word].map((c) =>
        /[!-~]/.test(c) ? String.fromCodePoint(c.codePointAt(0)! + 0xfee0) : c,
      )
      const spellings = [
        word,
        `/${word}`,
        `／${word}`,
        full.join(''),
        `@机器人 ${word}`,
        `＠机器人　／${word}`,
        ` ${word}\n`,
      ]
      if (/^[a-z]+$/i.test(word)) spellings.push(`/${word}@breaker_bot`)
      for (const spelling of spellings) expect(read(spelling)).toBe(command)
    }
  })

  test('the words that help shows mean what it says', () => {
    for (const command of COMMANDS) {
      expect([read(wordFor(command, 'zh')), read(wordFor(command, 'en'))]).toEqual([command, command])
    }
  })
})

describe('with an object', () => {
  test.each([
    ['合闸 3号增氧机', 'reclose 3号增氧机'],
    ['合闸3号增氧机', 'reclose~3号增氧机'],
    ['合闸：3号', 'reclose 3号'],
    ['合闸，3号', 'reclose 3号'],
    ['电量 ３号增氧机', 'energy 3号增氧机'],
    ['Close Pump 3', 'reclose Pump 3'],
    ['close   Pump\t3 ', 'reclose Pump 3'],
    ['/close@breaker_bot Pump 3', 'reclose Pump 3'],
    ['@bot @another close Pump 3', 'reclose Pump 3'],
    ['close Pump 3 @bot', 'reclose Pump 3'],
    ['确认合闸 3号', 'confirm 3号'],
    ['确认 合闸 3号', 'confirm 3号'],
    ['取消 合闸', 'cancel'],
    ['confirm close', 'confirm'],
    ['confirm off', 'confirm-off'],
    ['确认 全关 一号鱼塘', 'confirm-off 一号鱼塘'],
    ['control off', 'control-off'],
    ['/control on', 'control-on'],
    ['confirm control on', 'confirm-control-on'],
    ['off 增氧', 'off 增氧'],
    ['全关一号鱼塘', 'off~一号鱼塘'],
    ['cancel close', 'cancel'],
    ['who am i', 'whoami'],
    ['确认。', 'ack'],
    ['合闸！', 'reclose'],
    ['status!', 'status'],
    ['合闸 a@b', 'reclose a@b'],
  ])('«%s» is «%s»', (text, wanted) => expect(read(text)).toBe(wanted))
})

describe('what is no command', () => {
  test.each([
    ['', ''],
    [' 　 ', ''],
    ['@机器人', ''],
    ['/', ''],
    ['closed', '? closed → reclose'],
    ['opne', '? opne → open'],
    ['stauts 3号', '? stauts → status'],
    ['合匣', '? 合匣 → reclose'],
    ['合扎3号增氧机', '? 合扎3号增氧机 → reclose'],
    ['确定', '? 确定 → ack'],
    ['吃饭了吗', '? 吃饭了吗 → undefined'],
    ['嗯', '? 嗯 → undefined'],
    ['hello', '? hello → help'],
    ['1+1', '? 1+1 → undefined'],
  ])('«%s»', (text, wanted) => expect(read(text)).toBe(wanted))

  test('a long word is cut', () => {
    expect(parseCommand('x'.repeat(5000))).toEqual({
      kind: 'unknown',
      word: `${'x'.repeat(39)}…`,
      nearest: undefined,
    })
  })
})

describe('properties', () => {
  const pieces = [
    '@bot',
    '/',
    '／',
    '＠',
    ' ',
    '　',
    '合闸',
    'close',
    '3号',
    '。',
    '\u200b',
    '\u2005',
    'ｃｌｏｓｅ',
    '@',
    'x',
  ]
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((some) => some.join('')),
  )

  test('any text is read, and a tidied one as the same', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(parseCommand(tidy(one))).toEqual(parseCommand(one))
        expect(tidy(tidy(one))).toBe(tidy(one))
      }),
      { numRuns: 2000 },
    )
  })

  test('a long line is read quickly', () => {
    const started = performance.now()
    for (const piece of [' @a', '/', '@', ' ', '. ', '合']) parseCommand(piece.repeat(4096 / piece.length))
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test('the distance of words', () => {
    expect([distance('', 'abc'), distance('abc', 'abc'), distance('open', 'opne')]).toEqual([3, 0, 2])
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a))
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(distance(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
