import { describe, expect, test } from 'vitest'
import { parseCommand } from '../../src/domain/command.ts'
import { commandMenu } from '../../src/text/menu.ts'

describe.each(['zh-CN', 'en'] as const)('the menu of commands in %s', (locale) => {
  test('holds what Telegram takes, and what a typed line understands', () => {
    for (const { command, description } of commandMenu(locale)) {
      expect(command).toMatch(/^[a-z0-9_]{1,32}$/)
      expect(description.length).toBeGreaterThan(2)
      expect(description.length).toBeLessThanOrEqual(256)
      expect(parseCommand(`/${command}`)).toMatchObject({ kind: 'command', exact: true })
    }
  })

  test('offers nothing that does harm at the first touch', () => {
    const commands = commandMenu(locale).map(({ command }) => parseCommand(`/${command}`))
    for (const harmful of ['open', 'confirm', 'release', 'unlock', 'control-off']) {
      expect(commands).not.toContainEqual(expect.objectContaining({ command: harmful }))
    }
  })
})

test('whoever is on duty can be asked for from it', () => {
  expect(commandMenu('zh-CN')).toContainEqual({ command: 'oncall', description: '现在谁值班' })
  expect(commandMenu('en')).toContainEqual({ command: 'oncall', description: 'Who is on duty now' })
})

test('both languages have the same commands', () => {
  const names = (locale: 'zh-CN' | 'en') => commandMenu(locale).map(({ command }) => command)
  expect(names('en')).toEqual(names('zh-CN'))
  expect(commandMenu('zh-CN')[0]?.description).toMatch(/\p{Script=Han}/u)
})
