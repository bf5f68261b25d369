import { expect, test } from 'vitest'
import { createHealth } from '../../../src/channels/kit/health.ts'
import { createRecorder } from '../../support/recorder.ts'

function open() {
  const { log, lines } = createRecorder()
  const clock = { now: 1000 }
  return { clock, lines, health: createHealth(() => clock.now, log) }
}

test('says since when, and logs a change once', () => {
  const { health, lines, clock } = open()
  expect(health.get()).toEqual({ state: 'starting', since: 1000, connects: 0 })
  clock.now = 1500
  health.set('waiting', 'A.')
  clock.now = 2000
  health.set('waiting', 'B.')
  health.set('waiting', 'B.')
  expect(health.get()).toEqual({ state: 'waiting', since: 1500, connects: 0, detail: 'B.' })
  health.set('ready')
  health.set('ready')
  expect(health.get()).toEqual({ state: 'ready', since: 2000, connects: 1 })
  expect(lines).toEqual([
    'info connection waiting {"state":"waiting","connects":0,"detail":"A."}',
    'info connection waiting {"state":"waiting","connects":0,"detail":"B."}',
    'info connection ready {"state":"ready","connects":1}',
  ])
})

test('the same trouble is a warning once, however often it is tried again; another one is news', () => {
  const { health, lines } = open()
  for (const pause of [1, 8_001, 90_000]) health.set('waiting', 'No connection.', pause)
  expect(health.get().detail).toBe('No connection. Next try in 2 min.')
  health.set('waiting', 'No answer.', 500)
  health.set('failed', 'No answer.', 500)
  health.set('ready')
  health.set('waiting', 'No answer.', 500)
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'warn',
    'debug',
    'debug',
    'warn',
    'error',
    'info',
    'warn',
  ])
  expect(lines[1]).toContain('"detail":"No connection. Next try in 9 s."')
})

test('counts how often it became ready', () => {
  const { health } = open()
  for (const state of ['ready', 'ready', 'waiting', 'ready', 'failed', 'waiting', 'ready'] as const) {
    health.set(state)
  }
  expect(health.get().connects).toBe(3)
  health.set('stopped')
  expect(health.get().connects).toBe(3)
})

test('stopped is the end', () => {
  const { health } = open()
  health.set('stopped')
  health.set('ready')
  expect(health.get().state).toBe('stopped')
})
