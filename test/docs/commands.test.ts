import { describe, expect, test } from 'vitest'
import { COMMANDS, parseCommand, wordFor } from '../../src/domain/command.ts'
import { commandsIn, PAGES, proseOf } from './pages.ts'

/** The rows of the table of commands: the words of both languages. */
function rowsOf(page: string): string[][] {
  const table = proseOf(page).split('\n| 中文 |')[1] ?? ''
  return table
    .split(/\n(?!\|)/)[0]!
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, 5)
        .flatMap((cell) => cell.split(/[,，、]/)),
    )
    .map((words) => words.map((word) => word.trim()).filter(Boolean))
}

describe.each(PAGES.filter((page) => /^docs\/chat(\.zh-CN)?\.md$/.test(page)))(
  'the table of commands in %s',
  (page) => {
    const rows = rowsOf(page)
    const commandFor = (word: string) => {
      const parsed = parseCommand(word)
      return parsed.kind === 'command' && parsed.rest === '' ? parsed.command : undefined
    }

    test('has words that the program takes, those of a row for the same', () => {
      expect(rows.length).toBeGreaterThan(30)
      for (const words of rows) {
        const commands = new Set(words.map(commandFor))
        expect([words, commands.has(undefined)]).toEqual([words, false])
        // The reports of three periods share a row.
        expect([words, commands.size === 1 || commands.has('report-day')]).toEqual([words, true])
      }
    })

    test('names every command in both languages', () => {
      const named = new Set(rows.flat())
      const missing = COMMANDS.flatMap((one) => [wordFor(one, 'zh'), wordFor(one, 'en')]).filter(
        (word) => !named.has(word),
      )
      expect(missing).toEqual([])
    })
  },
)

test('the commands of a block: lines that go on, remarks, several in one', () => {
  const block =
    'npm ci && npm test   # all\n# a remark\n\ndocker run -d \\\n  -p 1:1 \\\n  x\ncurl "http://x/#y"\n'
  expect(commandsIn(block)).toEqual(['npm ci', 'npm test', 'docker run -d -p 1:1 x', 'curl "http://x/#y"'])
})
