import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'

const EXAMPLE = readFileSync(new URL('../../breakerbot.example.yaml', import.meta.url), 'utf8')
const ENV = {
  THINGBOOT_APP_SECRET: 'secret-of-the-app',
  THINGBOOT_PUSH_TOKEN: 'a-long-random-token',
  TELEGRAM_TOKEN: '123456:ABC-DEF',
  DINGTALK_CLIENT_ID: 'ding',
  DINGTALK_CLIENT_SECRET: 'secret',
  WECOM_BOT_ID: 'bot',
  WECOM_SECRET: 'secret',
  WECOM_ROBOT_KEY: 'key',
  OPS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}

test('the example is valid as it stands, with nothing to warn of', () => {
  expect(parseConfig(EXAMPLE, ENV)).toMatchObject({ ok: true, warnings: [] })
})

test('the example is valid with everything in it, and warned of is what does nothing', () => {
  const everything = EXAMPLE.replaceAll(/^( *)#(?=\S)/gm, '$1')
  const loaded = parseConfig(everything, ENV)
  expect(loaded).toMatchObject({ ok: true })
  const paths = loaded.ok ? loaded.warnings.map((one) => one.path) : []
  expect(paths).toEqual(['spool'])
})

test('each environment variable that the example needs is named when it is missing', () => {
  const loaded = parseConfig(EXAMPLE, {})
  const problems = loaded.ok ? [] : loaded.faults.map((one) => one.problem)
  expect(problems).toHaveLength(7)
  expect(problems.join('\n')).toContain('THINGBOOT_APP_SECRET is not set')
})
