import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { APP, call, control, nowSeconds, signed, startSim } from './rig.ts'

const get = async (url: string) => {
  const response = await fetch(url)
  return { status: response.status, ...(await response.json()) }
}

describe('the calling convention', () => {
  test('refuses with the global codes and writes it down', async () => {
    const sim = await startSim()
    const url = `${sim.url}/${APP.appId}/device/info/`
    const stale = nowSeconds(sim) - 400
    expect(await get(`${sim.url}/`)).toMatchObject({ status: 200, code: 5001, msg: 'miss app id' })
    expect(await get(`${sim.url}/nobody/device/info/`)).toMatchObject({ code: 5001 })
    expect(await get(url)).toMatchObject({ code: 5002, msg: 'miss param ts' })
    expect(await get(`${url}?${signed(stale)}`)).toMatchObject({ code: 5003 })
    expect(await get(`${url}?ts=${nowSeconds(sim)}`)).toMatchObject({ code: 5004 })
    expect(await get(`${url}?${signed(nowSeconds(sim), 'wrong')}`)).toMatchObject({ code: 5006 })
    expect(await get(`${url}?debug=wrong`)).toMatchObject({ code: 5007 })
    expect(sim.calls.map((one) => one.signature)).toEqual([
      'missing',
      'missing',
      'missing',
      'stale',
      'missing',
      'invalid',
      'invalid',
    ])
    expect(sim.calls.every((one) => one.outcome === 'refused')).toBe(true)
  })

  test('wants sign and ts in the URL, not in the body', async () => {
    const sim = await startSim()
    const [, sign, ts] = /sign=(.*)&ts=(.*)/.exec(signed(nowSeconds(sim))) ?? []
    const response = await fetch(`${sim.url}/${APP.appId}/device/info/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sign, ts, device: 820720 }),
    })
    expect(await response.json()).toMatchObject({ code: 5002 })
  })

  test('a skewed clock makes a good client stale, and ntp tells by how much', async () => {
    const sim = await startSim()
    sim.clock.advance(-600_000)
    const url = `${sim.url}/${APP.appId}/device/info/?device=820720&${signed(Math.floor(Date.now() / 1000))}`
    expect(await get(url)).toMatchObject({ code: 5003 })
    const ntp = Number(await (await fetch(`${sim.url}/ntp/`)).text())
    expect(Math.abs(Date.now() - 600_000 - ntp)).toBeLessThan(2000)
  })

  test('takes GET, form, JSON under the form type, and no slash before the question mark', async () => {
    const sim = await startSim()
    const query = signed(nowSeconds(sim))
    const url = `${sim.url}/${APP.appId}/device/control`
    const post = async (body: string, type: string) =>
      (await fetch(`${url}?${query}`, { method: 'POST', headers: { 'content-type': type }, body })).json()
    const formType = 'application/x-www-form-urlencoded'
    expect(await get(`${url}/?device=820720&power=1&extra=A1&${query}`)).toMatchObject({ code: 200 })
    expect(await post('device=820720&order={"power":"1","extra":"A2"}', formType)).toMatchObject({
      code: 200,
    })
    expect(await post('{"device":820720,"order":{"power":"1","extra":"A3"}}', formType)).toMatchObject({
      code: 200,
    })
    expect(
      await post(
        '{"device":820720,"order":"{\\"power\\":\\"1\\",\\"extra\\":\\"A4\\"}"}',
        'application/json',
      ),
    ) //
      .toMatchObject({ code: 200 })
    expect(await post('{"device":', 'application/json')).toMatchObject({ code: 5096 })
    expect(sim.commands.map((one) => one.extra)).toEqual(['A1', 'A2', 'A3', 'A4', undefined])
    expect(sim.commands[0]).toMatchObject({ order: { power: '1', extra: 'A1' }, devices: ['820720'] })
  })

  test('can answer errors with 4xx', async () => {
    const sim = await startSim({ settings: { errorStatus: '4xx' } })
    const url = `${sim.url}/${APP.appId}/device/info/`
    expect((await get(url)).status).toBe(401)
    expect((await get(`${url}?device=1&${signed(nowSeconds(sim))}`)).status).toBe(404)
  })

  test('accepts a third party: the shell recipe with md5sum and curl', async () => {
    const sim = await startSim()
    const recipe = `
      ts=$(date +%s); inner=$(printf %s "$APP_SECRET" | md5sum | cut -d' ' -f1)
      sign=$(printf %s "$inner$ts" | md5sum | cut -d' ' -f1)
      curl -sS -X POST "$BASE/$APP_ID/device/control/?sign=$sign&ts=$ts" \
        -H 'Content-Type: application/json' -d '{"device":820720,"order":{"power":"0"}}'`
    const env = { ...process.env, APP_SECRET: APP.appSecret, APP_ID: APP.appId, BASE: sim.url }
    const { stdout } = await promisify(execFile)('bash', ['-c', recipe], { env })
    expect(JSON.parse(stdout)).toMatchObject({ code: 200 })
    await sim.settled()
    expect(sim.device(820720).positions).toEqual({ power: 'open' })
  })
})

describe('device/control refuses', () => {
  test.each([
    ['no device', undefined, { power: '1' }, 501],
    ['a device of nobody', 999999, { power: '1' }, 502],
    ['an app’s device of which one is foreign', '820720,999999', { power: '1' }, 502],
    ['an unknown property', 820720, { light: '1' }, 504],
    ['a circuit that it has not', 820720, { power1: '1' }, 504],
    ['a position that is none', 820720, { power: '2' }, 504],
    ['one known and one unknown', 820720, { power: '1', light: '1' }, 504],
    ['an order of nothing but extra', 820720, { extra: 'A1' }, 504],
    ['an order that is no object', 820720, 'power', 504],
    ['an extra with a dash', 820720, { power: '1', extra: 'a-b' }, 5098],
    ['an extra of 33 letters', 820720, { power: '1', extra: 'a'.repeat(33) }, 5098],
    ['a secret of the device', 820720, { system: 'info' }, 504],
  ])('%s', async (_name, device, order, code) => {
    const sim = await startSim({ devices: [{ id: 820720, positions: { power: 'open' } }] })
    expect(await call(sim, 'device/control', { device, order })).toMatchObject({ code })
    await sim.settled()
    expect(sim.device(820720).operations).toBe(0)
    expect(sim.commands).toMatchObject([{ outcome: 'refused', code, acted: [] }])
  })

  test('a second command within a second, to that device alone', async () => {
    const devices = [{ id: 1 }, { id: 2 }]
    const sim = await startSim({ devices, settings: { rateLimit: true } })
    expect(await control(sim, { power: '0' }, 1)).toMatchObject({ code: 200 })
    expect(await control(sim, { power: '1' }, '1|2')).toMatchObject({ code: 5099 })
    expect(await control(sim, { power: '0' }, 2)).toMatchObject({ code: 200 })
    await sim.tick(1000)
    expect(await control(sim, { power: '1' }, '1|2')).toMatchObject({ code: 200 })
  })

  test('another app’s device', async () => {
    const sim = await startSim()
    await sim.addApp({ appId: 'other', appSecret: 'x' })
    sim.addDevice({ id: 7, appId: 'other' })
    expect(await control(sim, { power: '0' }, 7)).toMatchObject({ code: 502 })
  })
})

describe('reading', () => {
  test('device/info gives an object for one and an array for several', async () => {
    const sim = await startSim({
      devices: [
        { id: 1, name: '泵' },
        { id: 2, online: false },
      ],
    })
    expect((await call(sim, 'device/info', { device: 1 })).data).toMatchObject({
      id: 1,
      name: '泵',
      state: { power: '1' },
      network: { online: true },
    })
    expect((await call(sim, 'device/info', { device: '1,2' })).data).toMatchObject([
      { id: 1 },
      { id: 2, network: { online: false } },
    ])
  })

  test('device/list pages by ten unless an allowed size is asked for', async () => {
    const devices = Array.from({ length: 25 }, (_, i) => ({ id: 100 + i, metered: i !== 7 }))
    const sim = await startSim({ devices })
    const list = async (params: object) =>
      (await call(sim, 'device/list', params)).data.map((one: { id: number }) => one.id)
    expect(await list({})).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109])
    expect(await list({ page_index: 3 })).toEqual([120, 121, 122, 123, 124])
    expect(await list({ page_size: '20', page_index: '2' })).toHaveLength(5)
    expect(await list({ page_size: 25 })).toHaveLength(10)
    expect(await list({ q: '07' })).toEqual([107])
    expect(await list({ product: 'esI7iRZtRe' })).toEqual([107])
    expect(await list({ tag: '1', q: '07' })).toEqual([])
    expect((await call(sim, 'product/list', {})).data).toMatchObject([
      { id: 'Qt5AHeMfXQ', device: 24 },
      { id: 'esI7iRZtRe', device: 1 },
    ])
  })
})

describe('faults', () => {
  test('answers other than the expected', async () => {
    const sim = await startSim()
    sim.faults.add({ effect: { kind: 'status', status: 503 } })
    sim.faults.add({ effect: { kind: 'html' } })
    sim.faults.add({ effect: { kind: 'garbage' } })
    sim.faults.add({ effect: { kind: 'code', code: 5008, msg: 'who knows' } })
    const ask = () => fetch(`${sim.url}/${APP.appId}/device/info/?device=820720&${signed(nowSeconds(sim))}`)
    expect((await ask()).status).toBe(503)
    expect(await (await ask()).text()).toContain('<html>')
    await expect((await ask()).json()).rejects.toThrow()
    expect(await (await ask()).json()).toEqual({ code: 5008, msg: 'who knows' })
    expect(await (await ask()).json()).toMatchObject({ code: 200 })
    expect(sim.calls.map((one) => [one.fault, one.outcome])).toEqual([
      ['status', 'lost'],
      ['html', 'lost'],
      ['garbage', 'lost'],
      ['code', 'lost'],
      [undefined, 'accepted'],
    ])
  })

  test('a reset before acting and one after', async () => {
    const sim = await startSim()
    sim.faults.add({ effect: { kind: 'reset' } })
    await expect(control(sim, { power: '0' })).rejects.toThrow()
    await sim.settled()
    expect(sim.device(820720).positions.power).toBe('closed')
    sim.faults.add({ when: (one) => one.path === 'device/control', effect: { kind: 'reset', act: true } })
    await expect(control(sim, { power: '0' })).rejects.toThrow()
    await sim.settled()
    expect(sim.device(820720).positions.power).toBe('open')
    expect(sim.commands.map((one) => one.outcome)).toEqual(['lost', 'accepted'])
  })

  test('a slow answer and one that never comes', async () => {
    const sim = await startSim()
    sim.faults.add({ effect: { kind: 'slow', ms: 100 } })
    sim.faults.add({ effect: { kind: 'hang', act: true } })
    const url = `${sim.url}/${APP.appId}/device/control/?device=820720&power=0&${signed(nowSeconds(sim))}`
    const start = Date.now()
    expect(await get(url)).toMatchObject({ code: 200 })
    expect(Date.now() - start).toBeGreaterThanOrEqual(95)
    await expect(fetch(url, { signal: AbortSignal.timeout(100) })).rejects.toThrow()
    expect(sim.commands.map((one) => one.outcome)).toEqual(['accepted', 'accepted'])
  })
})
