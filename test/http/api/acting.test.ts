import { describe, expect, test } from 'vitest'
import type { BreakerState } from '../../../src/domain/breaker.ts'
import { until } from '../../support/until.ts'
import {
  type Answer,
  type ApiRig,
  apiPolicy,
  apiRig,
  type By,
  closed,
  HOUSE,
  PUMP,
  tokenOf,
} from './support.ts'

const at = (name: string, id = PUMP) => `/breakers/${id}/${name}`
const withBody = (body: object) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})
const act = (rig: ApiRig, by: By, path: string, body?: object, key?: string): Promise<Answer> =>
  rig.call(by, 'POST', path, {
    ...(body && { body: JSON.stringify(body) }),
    headers: { ...(body && { 'content-type': 'application/json' }), ...(key && { 'idempotency-key': key }) },
  })

const positionOf = async (rig: ApiRig, id = PUMP) =>
  (await rig.store.get<BreakerState>(`breaker/${id}`))?.value.circuits.power?.position
const stands = (rig: ApiRig, position: string, id = PUMP) =>
  until(async () => (await positionOf(rig, id)) === position, `${id} to be ${position}`)
const audit = async (rig: ApiRig) => rig.store.audit({ limit: 1000 })

async function tripped(rig: ApiRig): Promise<void> {
  await rig.trip()
  await stands(rig, 'open')
}

describe('a person at the console', () => {
  test('closes with the confirming step, in their own name', async () => {
    const rig = await apiRig()
    await tripped(rig)
    const by = { cookie: await rig.signIn('1') }
    const asked = await act(rig, by, at('close'))
    expect(asked.statusCode, asked.body).toBe(200)
    expect(asked.json()).toMatchObject({ state: 'asked', answer: { key: 'close.asked' }, breaker: PUMP })
    expect(rig.cloud.commands).toEqual([])
    const { nonce } = asked.json().confirm
    const confirmed = await act(rig, by, at('confirm'), { nonce })
    expect(confirmed.statusCode, confirmed.body).toBe(202)
    expect(confirmed.json()).toMatchObject({ state: 'sent', answer: { key: 'confirm.done' } })
    await until(() => rig.cloud.commands.length > 0, 'the command')
    expect(rig.cloud.commands).toEqual([`close ${PUMP} power`])
    const lines = (await audit(rig)).filter(({ what }) => what.startsWith('close.'))
    expect(lines.map(({ who, what, details }) => [who, what, details?.via])).toEqual([
      ['甲', 'close.asked', 'console'],
      ['甲', 'close.confirmed', 'console'],
    ])
    const told = await rig.call(by, 'GET', '/history?limit=500')
    expect(told.json().items.find((one: { what: string }) => one.what === 'close.confirmed').text).toContain(
      '控制台',
    )
  })

  test('the confirming word must be the right one, and is good once', async () => {
    const rig = await apiRig()
    await tripped(rig)
    const by = { cookie: await rig.signIn('1') }
    const { nonce } = (await act(rig, by, at('close'))).json().confirm
    expect((await act(rig, by, at('confirm'), { nonce: 'other' })).statusCode).toBe(409)
    expect((await act(rig, by, at('confirm'), {})).statusCode).toBe(400)
    await act(rig, by, at('confirm'), { nonce })
    await act(rig, by, at('confirm'), { nonce })
    await until(() => rig.cloud.commands.length > 0, 'the command')
    expect(rig.cloud.commands).toHaveLength(1)
  })

  test('a close that is refused tells every reason', async () => {
    const rig = await apiRig()
    await tripped(rig)
    await rig.say(rig.telegram, '2', '挂牌 3号增氧机 检修').taken
    await until(async () => (await audit(rig)).some(({ what }) => what === 'hold.set'), 'the hold')
    const refused = await act(rig, { cookie: await rig.signIn('1') }, at('close'))
    expect(refused.statusCode).toBe(409)
    const body = refused.json()
    expect(body).toMatchObject({ error: 'REFUSED', state: 'refused', answer: { key: 'close.refused' } })
    expect(body.reasons).toMatchObject([{ key: 'gate.hold' }])
    expect(body.message).toContain('乙')
    expect(rig.cloud.commands).toEqual([])
  })

  test('takes a request back, by its word', async () => {
    const rig = await apiRig()
    await tripped(rig)
    const by = { cookie: await rig.signIn('1') }
    const { nonce } = (await act(rig, by, at('close'))).json().confirm
    expect((await act(rig, by, at('cancel'), { nonce: 'other' })).statusCode).toBe(409)
    expect((await act(rig, by, at('cancel'), { nonce })).json()).toMatchObject({ state: 'done' })
    expect((await act(rig, by, at('confirm'), { nonce })).statusCode).toBe(409)
  })

  test('opens at once, holds and releases, acknowledges', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const by = { cookie: await rig.signIn('1') }
    expect((await act(rig, by, at('open'))).statusCode).toBe(202)
    await until(() => rig.cloud.commands.includes(`open ${PUMP} power`), 'the command')
    expect((await act(rig, by, at('hold'), { reason: '检修' })).json()).toMatchObject({
      answer: { key: 'hold.done' },
    })
    expect((await act(rig, by, at('hold'), { reason: '  ' })).statusCode).toBe(400)
    expect((await act(rig, by, at('release'))).json()).toMatchObject({ answer: { key: 'release.done' } })
    expect((await act(rig, by, at('acknowledge'))).statusCode).toBe(409)
    await rig.trip('overload', HOUSE)
    await stands(rig, 'open', HOUSE)
    expect((await act(rig, by, at('acknowledge', HOUSE))).statusCode).toBe(200)
  })

  test('a reason that nobody can see is none, as in a chat, and one is folded like a typed line', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const by = { cookie: await rig.signIn('1') }
    const unseen = await act(rig, by, at('hold'), { reason: '\u200b\u2060\u200f' })
    expect(unseen.statusCode).toBe(409)
    expect(unseen.json()).toMatchObject({ answer: { key: 'hold.reason' } })
    expect((await act(rig, by, at('hold'), { reason: '检修\n\n＠乙\u200b 已确认' })).statusCode).toBe(200)
    const [held] = (await rig.call(by, 'GET', `/breakers/${PUMP}`)).json().holds
    expect(held.reason).toBe('检修 @乙 已确认')
    const set = (await audit(rig)).find(({ what }) => what === 'hold.set')
    expect(set?.details).toMatchObject({ reason: '检修 @乙 已确认' })
  })

  test('a viewer, and whoever has a role elsewhere, changes nothing', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const viewer = { cookie: await rig.signIn('3') }
    for (const name of ['close', 'open', 'acknowledge', 'cancel']) {
      const answer = await act(rig, viewer, at(name))
      expect(answer.statusCode, name).toBe(403)
      expect(answer.json()).toMatchObject({ error: 'REFUSED', answer: { key: 'gate.role' } })
    }
    expect((await act(rig, { cookie: await rig.signIn('4') }, at('open'))).statusCode).toBe(404)
    expect((await act(rig, undefined, at('open'))).statusCode).toBe(401)
    expect(rig.cloud.commands).toEqual([])
    expect((await audit(rig)).filter(({ what }) => what.endsWith('.refused'))).toHaveLength(4)
  })

  test('a second person confirms what needs one', async () => {
    const rig = await apiRig()
    await rig.trip('leakage')
    await stands(rig, 'open')
    const [first, second] = [{ cookie: await rig.signIn('1') }, { cookie: await rig.signIn('2') }]
    const asked = (await act(rig, first, at('close'))).json()
    expect(asked.confirm).toMatchObject({ secondPerson: true })
    const own = await act(rig, first, at('confirm'), { nonce: asked.confirm.nonce })
    expect(own.json()).toMatchObject({ answer: { key: 'confirm.needs-other' } })
    const seen = (await rig.call(second, 'GET', `/breakers/${PUMP}`)).json().circuits[0].operation
    expect((await act(rig, second, at('confirm'), { nonce: seen.nonce })).statusCode).toBe(202)
  })
})

describe('a group', () => {
  test('is opened after the confirming step, each breaker by its own lane', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const by = { cookie: await rig.signIn('1') }
    const asked = await act(rig, by, `/groups/${encodeURIComponent('增氧')}/off`)
    expect(asked.statusCode, asked.body).toBe(200)
    const { run, confirm } = asked.json()
    expect((await rig.call(by, 'GET', '/runs')).json().items).toMatchObject([
      { id: run, stage: 'asked', to: 'open' },
    ])
    expect(rig.cloud.commands).toEqual([])
    expect((await act(rig, by, `/runs/${run}/confirm`, { nonce: 'other' })).statusCode).toBe(409)
    expect((await act(rig, by, `/runs/${run}/confirm`, { nonce: confirm.nonce })).statusCode).toBe(202)
    await until(() => rig.cloud.commands.includes(`open ${PUMP} power`), 'the command')
    const lines = await audit(rig)
    for (const what of ['full-off.asked', 'full-off.confirmed', 'open.asked'])
      expect(lines.find((one) => one.what === what)?.details, what).toMatchObject({ via: 'console' })
  })

  test('no program opens one, nor whoever sees nothing of it', async () => {
    const rig = await apiRig()
    const path = `/groups/${encodeURIComponent('增氧')}/off`
    expect((await act(rig, { token: tokenOf('pumps') }, path)).statusCode).toBe(403)
    expect((await act(rig, { token: tokenOf('house') }, path)).statusCode).toBe(404)
    expect((await act(rig, { cookie: await rig.signIn('3') }, path)).statusCode).toBe(403)
    expect(
      (await act(rig, { cookie: await rig.signIn('1') }, '/runs/none/confirm', { nonce: 'x' })).statusCode,
    ).toBe(404)
  })
})

describe('a program', () => {
  test('reads by its role, and opens and acknowledges as an operator', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const [meter, pumps] = [{ token: tokenOf('meter') }, { token: tokenOf('pumps') }]
    expect((await act(rig, meter, at('open'))).statusCode).toBe(403)
    expect((await act(rig, pumps, at('open'))).statusCode).toBe(202)
    await until(() => rig.cloud.commands.length > 0, 'the command')
    const line = (await audit(rig)).find(({ what }) => what === 'open.asked')
    expect(line).toMatchObject({ who: 'pumps', details: { via: 'api' } })
  })

  test('asks for a close only with mayClose, and a person confirms it', async () => {
    const rig = await apiRig()
    await tripped(rig)
    expect((await act(rig, { token: tokenOf('pumps') }, at('close'))).statusCode).toBe(403)
    const closer = { token: tokenOf('closer') }
    const asked = (await act(rig, closer, at('close'))).json()
    expect(asked).toMatchObject({ state: 'asked', answer: { key: 'close.asked-second' }, confirm: null })
    const standing = (await rig.store.get<BreakerState>(`breaker/${PUMP}`))!.value.circuits.power!.operation!
    const own = await act(rig, closer, at('confirm'), { nonce: standing.nonce })
    expect(own.statusCode).toBe(403)
    expect(rig.cloud.commands).toEqual([])
    await rig.say(rig.telegram, '1', '确认合闸 3号增氧机').taken
    await until(() => rig.cloud.commands.length > 0, 'the command')
    expect(rig.cloud.commands).toEqual([`close ${PUMP} power`])
  })

  test('a close that it asked for does not leave once it is not configured any more', async () => {
    const rig = await apiRig()
    await tripped(rig)
    await act(rig, { token: tokenOf('closer') }, at('close'))
    rig.engine.adopt(apiPolicy({ programs: [] }))
    const person = { cookie: await rig.signIn('1') }
    const { nonce } = (await rig.call(person, 'GET', `/breakers/${PUMP}`)).json().circuits[0].operation
    const answer = await act(rig, person, at('confirm'), { nonce })
    expect(answer.json()).toMatchObject({ answer: { key: 'confirm.void' } })
    expect(rig.cloud.commands).toEqual([])
  })

  test('has no session to end, and ends nobody’s', async () => {
    const rig = await apiRig()
    const closer = { token: tokenOf('closer') }
    expect((await rig.call(closer, 'DELETE', '/session')).statusCode).toBe(409)
    expect((await rig.call(closer, 'DELETE', '/people/closer/sessions')).statusCode).toBe(404)
  })
})

describe('Idempotency-Key', () => {
  test('the same key counts once, also much later and at once', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const by = { token: tokenOf('pumps') }
    const all = await Promise.all([1, 2, 3].map(() => act(rig, by, at('open'), undefined, 'k1')))
    expect(new Set(all.map((one) => one.body)).size).toBe(1)
    expect(all[0]!.statusCode).toBe(202)
    await until(() => rig.cloud.commands.length > 0, 'the command')
    rig.clock.ahead += 120_000
    expect((await act(rig, by, at('open'), undefined, 'k1')).json()).toEqual(all[0]!.json())
    expect((await audit(rig)).filter(({ what }) => what === 'open.asked')).toHaveLength(1)
    const { id } = all[0]!.json()
    expect((await rig.call(by, 'GET', `/deeds/${id}`)).json()).toEqual(all[0]!.json())
    expect((await rig.call({ token: tokenOf('meter') }, 'GET', `/deeds/${id}`)).statusCode).toBe(404)
  })

  test('when it is forgotten, a day later, it stands for something new', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const hold = async (key: string): Promise<{ id: string }> =>
      (await act(rig, { token: tokenOf('pumps') }, at('hold'), { reason: 'a' }, key)).json()
    const holds = async () => (await audit(rig)).filter(({ what }) => what === 'hold.set').length
    const forgotten = ({ id }: { id: string }) =>
      until(async () => {
        // The store forgets by its clock.
        rig.clock.ahead += 3_600_000
        return (await rig.store.get(`deed/${id}`)) === undefined
      }, 'that the deed is forgotten')
    await forgotten(await hold('k1'))
    // What the store had still to do in that round is done before it forgets another.
    await forgotten(await hold('k2'))
    expect(await holds()).toBe(2)
    await hold('k1')
    await until(async () => (await holds()) === 3, 'that it is done anew')
  })

  test('for another deed it is refused; another caller’s is another key', async () => {
    const rig = await apiRig()
    await closed(rig)
    await stands(rig, 'closed')
    const by = { token: tokenOf('pumps') }
    await act(rig, by, at('hold'), { reason: 'a' }, 'k1')
    const other = await act(rig, by, at('hold'), { reason: 'b' }, 'k1')
    expect(other.statusCode).toBe(422)
    expect(other.json()).toMatchObject({ error: 'KEY_USED' })
    expect((await act(rig, { token: tokenOf('closer') }, at('hold'), { reason: 'a' }, 'k1')).statusCode).toBe(
      200,
    )
    const holds = (await audit(rig)).filter(({ what }) => what === 'hold.set')
    expect(holds.map(({ who }) => who)).toEqual(['pumps', 'closer'])
  })
})

test.each([
  ['hold', {}],
  ['hold', { reason: 'x'.repeat(101) }],
  ['confirm', { nonce: '' }],
  ['open', { circuit: 'power', more: 1 }],
])('%s with %j is refused before anything is asked', async (name, body) => {
  const rig = await apiRig()
  const answer = await rig.call({ token: tokenOf('pumps') }, 'POST', at(name), withBody(body))
  expect(answer.statusCode).toBe(400)
  expect(await audit(rig)).toEqual([])
})
