import { expect, test } from 'vitest'
import type { GroupRun } from '../../../src/domain/group-run.ts'
import { message } from '../../../src/domain/message.ts'
import { until } from '../../support/until.ts'
import { type Answer, type ApiRig, apiRig, type By, closed, HOUSE, PUMP, tokenOf } from './support.ts'

const step = (breaker: string, more: object = {}) => ({
  ...{ breaker, circuit: 'power', title: breaker, standing: 'done', told: 1, ...more },
})

function run(id: string, askedAt: number, more: Partial<GroupRun> = {}): GroupRun {
  return {
    ...{ id, to: 'open', place: '增氧', rooms: ['night'], chats: [], stage: 'ended', version: 3 },
    ...{ askedBy: { channel: 'telegram', person: '甲' }, sender: '1', askedAt, nonce: 'n' },
    ...{ chat: { channel: 'telegram', chat: '1' }, expiresAt: askedAt + 1, nextAt: 0, movedAt: 0 },
    ...{ endedAt: askedAt + 5, steps: [step(PUMP)] },
    ...more,
  } as GroupRun
}

const write = (rig: ApiRig, ...all: GroupRun[]) =>
  rig.store.commit({
    writes: all.map((one) => ({
      key: `run/${one.id}`,
      value: one,
      version: 0,
      index: { at: one.askedAt, open: one.stage === 'asked' || one.stage === 'running' },
    })),
  })

const list = async (rig: ApiRig, by: By, query = '') =>
  (await rig.call(by, 'GET', `/runs${query}`)).json().items as Record<string, unknown>[]
const ids = (all: Record<string, unknown>[]) => all.map(({ id }) => id)

test('those that go on come first, then the newest that have ended', async () => {
  const rig = await apiRig()
  const standing = run('now', 1, { stage: 'running' })
  await write(rig, run('old', 2), run('new', 9), run('mid', 5), standing)
  const by = { cookie: await rig.signIn('1') }
  expect(ids(await list(rig, by))).toEqual(['now', 'new', 'mid', 'old'])
  expect(ids(await list(rig, by, '?ended=1'))).toEqual(['now', 'new'])
  expect(ids(await list(rig, by, '?ended=0'))).toEqual(['now'])
  expect((await rig.call(by, 'GET', '/runs?ended=51')).statusCode).toBe(400)
})

test('says how far one has come, and what went wrong, in words; all circuits when it is asked for alone', async () => {
  const rig = await apiRig()
  const failed = step(HOUSE, { standing: 'failed', why: [message('run.no-word')] })
  await write(rig, run('one', 1, { steps: [step(PUMP), failed] as GroupRun['steps'] }))
  const by = { cookie: await rig.signIn('1') }
  const [found] = await list(rig, by)
  expect(found).toMatchObject({ circuits: 2, reached: 1, missed: 1, waiting: 0, nonce: null })
  expect(found!.astray).toMatchObject([{ breaker: HOUSE, standing: 'failed', why: [{ key: 'run.no-word' }] }])
  const whole = (await rig.call(by, 'GET', '/runs/one')).json()
  expect(whole.steps).toMatchObject([{ breaker: PUMP, standing: 'done' }, { breaker: HOUSE }])
})

test('whoever does not see all of it sees nothing of it, and a viewer gets no word to stop it', async () => {
  const rig = await apiRig()
  await closed(rig)
  const operator = { cookie: await rig.signIn('1') }
  const path = `/groups/${encodeURIComponent('增氧')}/off`
  const off = (await rig.call(operator, 'POST', path)) as Answer
  const { run: id } = off.json()
  const nonceOf = async (by: By) => (await list(rig, by))[0]?.nonce
  expect(await nonceOf(operator)).toEqual(expect.any(String))
  expect(await nonceOf({ cookie: await rig.signIn('3') })).toBeNull()
  expect(await nonceOf({ token: tokenOf('pumps') })).toBeNull()
  for (const by of [{ cookie: await rig.signIn('4') }, { token: tokenOf('house') }]) {
    expect(await list(rig, by)).toEqual([])
    expect((await rig.call(by, 'GET', `/runs/${id}`)).statusCode).toBe(404)
  }
  const cancel = await rig.call(operator, 'POST', `/runs/${id}/cancel`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nonce: await nonceOf(operator) }),
  })
  expect(cancel.statusCode).toBe(200)
  await until(async () => (await list(rig, operator))[0]?.stage === 'cancelled', 'its end')
})
