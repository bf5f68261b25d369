import { expect, onTestFinished, test } from 'vitest'
import { createHealth } from '../../../src/channels/kit/health.ts'
import { createRetries } from '../../../src/channels/wecom/retries.ts'
import type { End, Session } from '../../../src/channels/wecom/session.ts'
import { createSupervisor } from '../../../src/channels/wecom/supervisor.ts'
import { TIMING } from '../../../src/channels/wecom/timing.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'

/** A supervisor over sessions that do as they are told. */
function createRig(firstPause = TIMING.firstPause) {
  const sessions: { ready(): void; end(end: End): void; quiet: number }[] = []
  const clock = { now: 1_000_000 }
  const { log } = createRecorder()
  const supervisor = createSupervisor({
    open(onReady) {
      const ended = Promise.withResolvers<End>()
      const told = { ready: onReady, end: ended.resolve, quiet: 0 }
      sessions.push(told)
      const session: Session = {
        ended: ended.promise,
        quietFor: () => told.quiet,
        request: async () => ({ kind: 'answered', code: 0, text: 'ok' }),
        end: (why) => ended.resolve({ kind: 'lost', why }),
      }
      return session
    },
    retries: createRetries({ ...TIMING, firstPause }),
    silentAfter: 75_000,
    health: createHealth(() => clock.now, log),
    now: () => clock.now,
  })
  onTestFinished(() => supervisor.stop())
  supervisor.start()
  return { supervisor, sessions, clock }
}

test('ready means subscribed, and a pong in the last 75 s', () => {
  const { supervisor, sessions, clock } = createRig()
  expect(supervisor.health()).toEqual({ state: 'starting', since: 1_000_000, connects: 0 })
  clock.now += 500
  sessions[0]!.ready()
  sessions[0]!.quiet = 74_999
  expect(supervisor.health()).toEqual({ state: 'ready', since: 1_000_500, connects: 1 })
  clock.now += 80_000
  sessions[0]!.quiet = 80_000
  expect(supervisor.health()).toMatchObject({ state: 'waiting', since: 1_075_500 })
  sessions[0]!.quiet = 10
  expect(supervisor.health()).toEqual({ state: 'ready', since: 1_000_500, connects: 1 })
})

test('there is never a second session before the first has ended', async () => {
  const { supervisor, sessions } = createRig(10)
  sessions[0]!.ready()
  expect(sessions).toHaveLength(1)
  sessions[0]!.end({ kind: 'lost', why: 'gone' })
  await until(() => sessions.length === 2, 'the second session')
  expect(supervisor.health()).toMatchObject({ state: 'waiting', detail: expect.stringContaining('(gone)') })
})

test.for([
  [{ kind: 'kicked' }, 'failed', 'Another instance uses this bot'],
  [{ kind: 'refused', code: 853000, why: 'invalid' }, 'failed', 'channels.wecom.secret'],
  [{ kind: 'refused', code: 45009, why: 'api freq out of limit' }, 'waiting', 'api freq out of limit'],
  [{ kind: 'lost', why: 'closed' }, 'waiting', '(closed)'],
] as const)(
  'what is to be done after %o is told, and nothing is sent meanwhile',
  async ([end, state, detail]) => {
    const { supervisor, sessions } = createRig()
    sessions[0]!.ready()
    sessions[0]!.end(end)
    await until(() => supervisor.health().state === state, 'the change')
    expect(supervisor.health().detail).toContain(detail)
    expect(await supervisor.request('aibot_send_msg', {})).toEqual({ kind: 'unsent' })
  },
)
