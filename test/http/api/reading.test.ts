import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { type Answer, apiPolicy, apiRig, type By, closed, HOUSE, PUMP, tokenOf } from './support.ts'

const meter = { token: tokenOf('meter') }
const json = (answer: Answer) => {
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

const READING = [
  '/me',
  '/breakers',
  `/breakers/${PUMP}`,
  `/breakers/${PUMP}/samples`,
  `/breakers/${PUMP}/load`,
  `/breakers/${PUMP}/energy`,
  '/incidents',
  '/history',
  '/channels',
  '/rooms',
  '/people',
  '/runs',
]

describe('who may read', () => {
  test('nobody without a sign-in or a token', async () => {
    const rig = await apiRig()
    for (const path of READING) {
      for (const by of [
        undefined,
        { token: 'wrong-'.repeat(8) },
        { cookie: '__Host-breakerbot=wrong' },
      ] as By[]) {
        const answer = await rig.call(by, 'GET', path)
        expect(answer.statusCode, path).toBe(401)
        expect(answer.json()).toMatchObject({ error: 'NOT_SIGNED_IN' })
        expect(answer.headers['www-authenticate']).toContain('Bearer')
      }
    }
  })

  test.each([
    ['场长', '9'],
    ['甲', '1'],
    ['看客', '3'],
  ])('%s, by the session of a sign-in', async (name, who) => {
    const rig = await apiRig()
    await closed(rig)
    const by = { cookie: await rig.signIn(who) }
    for (const path of READING) {
      const answer = await rig.call(by, 'GET', path)
      expect(answer.statusCode, `${path} ${answer.body}`).toBe(200)
      expect(answer.headers['cache-control']).toBe('no-store')
    }
    expect(json(await rig.call(by, 'GET', '/me'))).toMatchObject({ name, via: 'console' })
  })

  test('a program by its token, as long as it is configured', async () => {
    const rig = await apiRig()
    expect(json(await rig.call(meter, 'GET', '/me'))).toMatchObject({
      name: 'meter',
      via: 'api',
      role: 'viewer',
    })
    rig.engine.adopt(apiPolicy({ programs: [] }))
    expect((await rig.call(meter, 'GET', '/me')).statusCode).toBe(401)
  })

  test('only what the role reaches: a role at one site sees that site alone', async () => {
    const rig = await apiRig()
    await closed(rig)
    await closed(rig, HOUSE)
    for (const by of [{ cookie: await rig.signIn('4') }, { token: tokenOf('house') }]) {
      expect(json(await rig.call(by, 'GET', '/breakers')).items.map((one: { id: string }) => one.id)).toEqual(
        [HOUSE],
      )
      expect((await rig.call(by, 'GET', `/breakers/${PUMP}`)).statusCode).toBe(404)
      for (const part of ['samples', 'load', 'energy'])
        expect((await rig.call(by, 'GET', `/breakers/${PUMP}/${part}`)).statusCode).toBe(404)
      expect(
        json(await rig.call(by, 'GET', '/rooms')).items.map((one: { name: string }) => one.name),
      ).toEqual(['house'])
    }
  })

  test('of incidents and history too', async () => {
    const rig = await apiRig()
    await rig.trip('overload', PUMP)
    await rig.trip('leakage', HOUSE)
    const all = await until(async () => {
      const found = json(await rig.call(meter, 'GET', '/incidents'))
      return found.total === 2 && found
    }, 'two incidents')
    const house = { token: tokenOf('house') }
    const mine = json(await rig.call(house, 'GET', '/incidents'))
    expect(mine.items).toMatchObject([{ breaker: HOUSE, cause: 'leakage', owner: null }])
    const other = all.items.find((one: { breaker: string }) => one.breaker === PUMP)
    expect((await rig.call(house, 'GET', `/incidents/${other.id}`)).statusCode).toBe(404)
    expect(json(await rig.call(meter, 'GET', `/incidents/${other.id}`)).story).toEqual(expect.any(Array))
    const subjects = (answer: Answer) =>
      new Set(json(answer).items.map((one: { breaker: string }) => one.breaker))
    expect(subjects(await rig.call(house, 'GET', '/history'))).toEqual(new Set([HOUSE]))
    expect(subjects(await rig.call(meter, 'GET', '/history'))).toEqual(new Set([PUMP, HOUSE]))
  })

  test('what is set up is told to admins alone', async () => {
    const rig = await apiRig({
      prepare: ({ dingtalk }) => {
        dingtalk.health = () => ({ state: 'failed', since: 5, detail: 'the secret is wrong' })
      },
    })
    const [admin, operator] = [{ cookie: await rig.signIn('9') }, { cookie: await rig.signIn('1') }]
    const detail = async (by: By) =>
      json(await rig.call(by, 'GET', '/channels')).items.find(
        (one: { name: string }) => one.name === 'dingtalk',
      )
    expect(await detail(admin)).toEqual({
      name: 'dingtalk',
      state: 'failed',
      since: 5,
      detail: 'the secret is wrong',
    })
    expect(await detail(operator)).toMatchObject({ state: 'failed', detail: null })
    const seen = async (by: By) => json(await rig.call(by, 'GET', '/people')).items.length
    expect([await seen(admin), await seen(operator), await seen(meter)]).toEqual([5, 1, 0])
  })
})

describe('a breaker', () => {
  test('tells its state, load and what keeps it from being closed', async () => {
    const rig = await apiRig()
    await closed(rig)
    const operator = { cookie: await rig.signIn('1') }
    const seen = await until(async () => {
      const found = json(await rig.call(operator, 'GET', `/breakers/${PUMP}`))
      return found.version > 0 && found
    }, 'the state')
    expect(seen).toMatchObject({
      name: '3号增氧机',
      online: true,
      load: { voltage: 221, current: 12.5, power: 2700 },
      rights: ['acknowledge', 'open', 'close', 'confirm', 'hold'],
      circuits: [{ key: 'power', position: 'closed', close: { may: 'no' } }],
    })
    await rig.push({ type: 'state', device: PUMP, ts: rig.now() + 10, data: { power: '0' } })
    await rig.say(rig.telegram, '2', '挂牌 3号增氧机 检修').taken
    const held = await until(async () => {
      const found = json(await rig.call(operator, 'GET', `/breakers/${PUMP}`))
      return found.holds.length > 0 && found.circuits[0].position === 'open' && found
    }, 'the hold')
    expect(held.holds).toMatchObject([{ by: '乙', reason: '检修' }])
    const [{ close }] = held.circuits
    expect(close.may).toBe('no')
    expect(close.reasons.map((one: { key: string }) => one.key)).toContain('gate.hold')
    expect(close.reasons.find((one: { key: string }) => one.key === 'gate.hold').text).toContain('乙')
  })

  test('a viewer is told that the role is against it, and no confirming word', async () => {
    const rig = await apiRig()
    await rig.trip()
    const viewer = { cookie: await rig.signIn('3') }
    const operator = { cookie: await rig.signIn('1') }
    await rig.call(operator, 'POST', `/breakers/${PUMP}/close`)
    const seen = async (by: By) => json(await rig.call(by, 'GET', `/breakers/${PUMP}`)).circuits[0]
    expect((await seen(operator)).operation).toMatchObject({ stage: 'asked', nonce: expect.any(String) })
    expect((await seen(viewer)).operation).toMatchObject({ stage: 'asked', nonce: null })
    expect((await seen({ token: tokenOf('pumps') })).operation.nonce).toBeNull()
    expect((await seen(viewer)).close.reasons.map((one: { key: string }) => one.key)).toContain('gate.role')
  })

  test('speaks the language asked for', async () => {
    const rig = await apiRig()
    await rig.trip()
    const textIn = async (language: string) => {
      const headers = { 'accept-language': language }
      return json(await rig.call(meter, 'GET', '/incidents', { headers })).items[0]?.causeText
    }
    await until(() => textIn('en'), 'the incident')
    expect(await textIn('en-GB,en;q=0.8')).toBe('Overload')
    expect(await textIn('zh')).toBe('过载')
    expect(await textIn('fr')).toBe('过载')
  })
})

describe('lists', () => {
  test('come in pages that miss nothing', async () => {
    const rig = await apiRig()
    const first = json(await rig.call(meter, 'GET', '/breakers?limit=1'))
    expect(first).toMatchObject({ total: 2, next: PUMP })
    const second = json(await rig.call(meter, 'GET', `/breakers?limit=1&cursor=${first.next}`))
    expect(second).toMatchObject({ items: [{ id: HOUSE }], next: null })
    expect(
      json(await rig.call(meter, 'GET', '/breakers?site=%E4%BA%8C%E5%8F%B7%E5%A4%A7%E6%A3%9A')),
    ).toMatchObject({
      total: 1,
    })
  })

  test('history too, entry by entry', async () => {
    const rig = await apiRig()
    await rig.trip()
    await until(async () => json(await rig.call(meter, 'GET', '/incidents')).total === 1, 'the incident')
    const all = json(await rig.call(meter, 'GET', `/history?breaker=${PUMP}`)).items
    expect(all.length).toBeGreaterThan(0)
    const seen: number[] = []
    let cursor = ''
    do {
      const page = json(await rig.call(meter, 'GET', `/history?breaker=${PUMP}&limit=1${cursor}`))
      seen.push(...page.items.map((one: { seq: number }) => one.seq))
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor !== '')
    expect(seen).toEqual(all.map((one: { seq: number }) => one.seq))
  })

  test.each(['limit=0', 'limit=201', 'limit=x', `cursor=${'x'.repeat(65)}`])(
    '%s is refused',
    async (query) => {
      const rig = await apiRig()
      const answer = await rig.call(meter, 'GET', `/breakers?${query}`)
      expect(answer.statusCode).toBe(400)
      expect(answer.json()).toMatchObject({
        error: 'INVALID',
        message: expect.stringContaining(query.split('=')[0]!),
      })
    },
  )

  test('energy is what the counter says, shared by day', async () => {
    const rig = await apiRig()
    const report = (kwh: number) =>
      rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1', energy: kwh } })
    await report(100)
    rig.clock.ahead += 3_600_000
    await report(102.5)
    const used = await until(async () => {
      const found = json(await rig.call(meter, 'GET', `/breakers/${PUMP}/energy?by=day`))
      return found.total !== null && found
    }, 'the energy')
    expect(used).toMatchObject({ timezone: 'Asia/Shanghai', total: 2.5 })
    const sum = used.items.reduce((all: number, one: { kwh: number | null }) => all + (one.kwh ?? 0), 0)
    expect(sum).toBeCloseTo(2.5)
    for (const query of ['from=5&to=4', `from=0&to=${rig.now()}`])
      expect((await rig.call(meter, 'GET', `/breakers/${PUMP}/energy?${query}`)).statusCode).toBe(400)
  })

  test('samples are those of the last minutes', async () => {
    const rig = await apiRig()
    await closed(rig)
    const found = await until(async () => {
      const { items } = json(await rig.call(meter, 'GET', `/breakers/${PUMP}/samples?minutes=5`))
      return items.length > 0 && items
    }, 'a sample')
    expect(found).toMatchObject([{ voltage: 221, current: 12.5, power: 2700, energy: null }])
    rig.clock.ahead += 6 * 60_000
    expect(json(await rig.call(meter, 'GET', `/breakers/${PUMP}/samples?minutes=5`)).items).toEqual([])
  })
})

test('an answer that is not of its form is a fault, and never half an answer', async () => {
  const rig = await apiRig({
    prepare: ({ telegram }) => {
      telegram.health = () => ({ state: 'odd' as 'ready', since: 0 })
    },
  })
  const answer = await rig.call(meter, 'GET', '/channels')
  expect(answer.statusCode).toBe(500)
  expect(answer.json()).toMatchObject({ error: 'INTERNAL' })
  expect(rig.lines.join()).toContain('a call of the API failed')
})

test('the API knows nothing of the odd content types of pushes, and pushes nothing of its own', async () => {
  const rig = await apiRig()
  const pumps = { token: tokenOf('pumps') }
  const wrong = await rig.call(pumps, 'POST', `/breakers/${PUMP}/hold`, {
    headers: { 'content-type': 'text/plain' },
    body: '{"reason":"x"}',
  })
  expect(wrong.statusCode).toBe(415)
  const push = await rig.app.inject({
    method: 'POST',
    url: '/api/device/callback/push-token-of-the-tests',
    headers: { 'content-type': ';;;' },
    body: JSON.stringify({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } }),
  })
  expect(push.statusCode).toBe(200)
})
