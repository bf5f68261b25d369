import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, commandsTold, PAGES, ROOT, read } from './pages.ts'
import { openPlace, type Place } from './place.ts'
import { ruleFor, sourcesOfCommands } from './rules.ts'

let place: Place
beforeAll(async () => {
  place = await openPlace()
})
afterAll(() => place?.close())

const TOLD = commandsTold()

test.each(TOLD)('$where: $command', async ({ command }) => {
  const rule = ruleFor(command)
  if (!rule)
    throw new Error(`no rule for «${command}»: say in test/docs/rules.ts how it is run, or why it cannot be`)
  if ('run' in rule) await rule.run(command, place)
  else rule.check(command)
})

test('a command that nobody has thought of, one that fails, and an option that is none are noticed', async () => {
  expect(ruleFor('rm -rf /')).toBeUndefined()
  const wrong = [
    'npx breakerbot chekc',
    'npx breakerbot audit export --form 2026-01-01',
    'curl http://127.0.0.1:8080/redyz',
  ]
  for (const command of wrong) {
    const rule = ruleFor(command)
    if (!rule || !('run' in rule)) throw new Error('it is run')
    await expect(rule.run(command, place)).rejects.toThrow()
  }
  const rule = ruleFor('npm run soak -- --secnods 60')
  expect(() => rule && 'check' in rule && rule.check('npm run soak -- --secnods 60')).toThrow()
})

test('npx finds the program in its folder', async () => {
  const { stdout } = await promisify(execFile)('npx', ['breakerbot', '--help'], { cwd: ROOT })
  expect(stdout).toContain('Usage: breakerbot <command>')
})

describe('commands within the lines', () => {
  const sources = sourcesOfCommands()
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

  test.each(PAGES)('of %s are commands with options that they have', (page) => {
    for (const code of codeOf(page)) {
      const [, name, rest = ''] = /^(?:npx )?breakerbot ([a-z]+)(.*)$/.exec(code) ?? []
      if (name !== undefined) {
        expect([code, sources[name]]).toEqual([code, expect.any(String)])
        const options = [...rest.matchAll(/--([a-z]+)/g)].map(([, option]) => option!)
        expect([
          code,
          options.filter((one) => one !== 'config' && !sources[name]!.includes(`--${one}`)),
        ]).toEqual([code, []])
      }
      const [, script] = /^npm (?:run )?([\w:]+)/.exec(code) ?? []
      // Of npm's own.
      if (script !== undefined && script !== 'ci' && script !== 'audit')
        expect([code, scripts[script]]).toEqual([code, expect.any(String)])
    }
  })
})
