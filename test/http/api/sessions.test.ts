import { describe, expect, test } from 'vitest'
import { newFolder, texts, untilSays } from '../../engine/rig.ts'
import { until } from '../../support/until.ts'
import { type ApiRig, apiPolicy, apiRig, type By, closed, PEOPLE, PUBLIC, PUMP } from './support.ts'

const FORM = 'application/x-www-form-urlencoded'
const take = (rig: ApiRig, code: string, headers: Record<string, string> = { origin: PUBLIC }) =>
  rig.app.inject({
    method: 'POST',
    url: '/console/sign-in',
    headers: { 'content-type': FORM, ...headers },
    body: `code=${code}`,
  })
const isIn = async (rig: ApiRig, cookie: string) =>
  (await rig.call({ cookie }, 'GET', '/me')).statusCode === 200

describe('a link', () => {
  test('comes one-to-one, and never into the group where it was asked for', async () => {
    const rig = await apiRig()
    await rig.link('1')
    await untilSays(rig.telegram, '已私聊')
    const where = rig.telegram.shown.filter(({ content }) => JSON.stringify(content).includes('code='))
    expect(where.map(({ chat }) => chat)).toEqual(['1'])
    expect(texts(rig.telegram).some((text) => text.includes(`${PUBLIC}/console/sign-in?code=`))).toBe(true)
  })

  test('where it cannot be sent one-to-one, the person is told what to do, and no code is shown', async () => {
    const rig = await apiRig()
    rig.telegram.fault = (chat) =>
      chat === '1' ? { outcome: 'refused', why: 'the user has not started the bot', gone: 'chat' } : undefined
    await rig.say(rig.telegram, '1', '控制台').taken
    await untilSays(rig.telegram, '未能私聊')
    expect(JSON.stringify(rig.telegram.shown)).not.toContain('code=')
    expect(texts(rig.telegram).join()).not.toContain('已私聊')
  })

  test('where a platform only says that it takes none for now, whoever asked in the group is told at once', async () => {
    const rig = await apiRig()
    const later = { outcome: 'later', why: 'too often', retryAfter: 60_000, wholeChat: true } as const
    rig.telegram.fault = (chat) => (chat === '1' ? later : undefined)
    await rig.say(rig.telegram, '1', '控制台').taken
    await untilSays(rig.telegram, '未能私聊')
    expect(texts(rig.telegram).join()).not.toContain('已私聊')
  })

  test('is not for strangers', async () => {
    const rig = await apiRig()
    await rig.say(rig.telegram, '77', '控制台').taken
    await untilSays(rig.telegram, '77')
    expect(JSON.stringify(rig.telegram.shown)).not.toContain('code=')
  })

  test('without server.publicUrl there is none, and the answer says why', async () => {
    const rig = await apiRig({ publicUrl: undefined })
    await rig.say(rig.telegram, '1', '控制台').taken
    expect(await untilSays(rig.telegram, 'server.publicUrl')).toBeTruthy()
  })

  test('looking at its page does not use it up; the button does, once', async () => {
    const rig = await apiRig()
    const code = await rig.link('1')
    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      const page = await rig.app.inject({ method, url: `/console/sign-in?code=${code}` })
      expect(page.statusCode).toBe(200)
      expect(page.headers['set-cookie']).toBeUndefined()
    }
    const [first, second] = await Promise.all([take(rig, code), take(rig, code)])
    expect([first.statusCode, second.statusCode].toSorted()).toEqual([303, 403])
    expect((await take(rig, code)).statusCode).toBe(403)
  })

  test('is good for five minutes', async () => {
    const rig = await apiRig()
    const [late, early] = [await rig.link('1'), await rig.link('2')]
    rig.clock.ahead += 4 * 60_000
    expect((await take(rig, early)).statusCode).toBe(303)
    rig.clock.ahead += 61_000
    expect((await take(rig, late)).statusCode).toBe(403)
  })

  test('is taken from the console’s own page only', async () => {
    const rig = await apiRig()
    const code = await rig.link('1')
    for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }] as Record<
      string,
      string
    >[])
      expect((await take(rig, code, headers)).statusCode).toBe(403)
    expect((await take(rig, code)).statusCode).toBe(303)
  })

  test('is in nobody’s hands any more when its person has gone', async () => {
    const rig = await apiRig()
    const code = await rig.link('1')
    rig.engine.adopt(apiPolicy({ people: PEOPLE.filter(({ name }) => name !== '甲') }))
    expect((await take(rig, code)).statusCode).toBe(403)
  })
})

describe('a session', () => {
  test.each([
    [PUBLIC, '__Host-breakerbot', true],
    ['http://10.0.0.5:8080', 'breakerbot', undefined],
  ])('its cookie is as strict as %s allows', async (publicUrl, name, secure) => {
    const rig = await apiRig({ publicUrl })
    const answer = await take(rig, await rig.link('1'), { origin: publicUrl })
    const [cookie] = answer.cookies
    expect(cookie).toMatchObject({ name, path: '/', httpOnly: true, sameSite: 'Strict' })
    expect(cookie?.secure).toBe(secure)
    expect(cookie?.domain).toBeUndefined()
    expect(answer.headers.location).toBe('/console')
    expect(cookie!.expires!.getTime()).toBeGreaterThan(Date.now() + 7 * 3_600_000)
  })

  test('lasts eight hours', async () => {
    const rig = await apiRig()
    const cookie = await rig.signIn('1')
    rig.clock.ahead += 8 * 3_600_000 - 60_000
    expect(await isIn(rig, cookie)).toBe(true)
    rig.clock.ahead += 120_000
    expect(await isIn(rig, cookie)).toBe(false)
  })

  test('is of use for what the person may now, not when it began', async () => {
    const rig = await apiRig()
    await closed(rig)
    const by = { cookie: await rig.signIn('1') }
    const viewers = PEOPLE.map((one) => (one.name === '甲' ? { ...one, role: 'viewer' as const } : one))
    rig.engine.adopt(apiPolicy({ people: viewers }))
    expect((await rig.call(by, 'POST', `/breakers/${PUMP}/open`)).statusCode).toBe(403)
  })

  test('ends when the person leaves the configuration, for good', async () => {
    const rig = await apiRig()
    const cookie = await rig.signIn('1')
    rig.engine.adopt(apiPolicy({ people: PEOPLE.filter(({ name }) => name !== '甲') }))
    expect(await isIn(rig, cookie)).toBe(false)
    await until(async () => (await rig.store.list({ kind: 'session' })).length === 0, 'that it is deleted')
    rig.engine.adopt(apiPolicy())
    expect(await isIn(rig, cookie)).toBe(false)
  })

  test('ends when somebody else gets the account', async () => {
    const rig = await apiRig()
    const cookie = await rig.signIn('1')
    rig.engine.adopt(
      apiPolicy({ people: PEOPLE.map((one) => (one.name === '甲' ? { ...one, name: '丙' } : one)) }),
    )
    expect(await isIn(rig, cookie)).toBe(false)
  })

  test('ends when its browser signs in anew, whoever by: none is left that nobody looks at', async () => {
    const rig = await apiRig()
    const [old, elsewhere] = [await rig.signIn('1'), await rig.signIn('1')]
    const answer = await take(rig, await rig.link('2'), { origin: PUBLIC, cookie: old })
    const { name, value } = answer.cookies[0]!
    expect([await isIn(rig, old), await isIn(rig, elsewhere)]).toEqual([false, true])
    const me = await rig.call({ cookie: `${name}=${value}` }, 'GET', '/me')
    expect(me.json()).toMatchObject({ name: '乙' })
    // A link that does not work ends nothing.
    await take(rig, 'x'.repeat(43), { origin: PUBLIC, cookie: elsewhere })
    expect(await isIn(rig, elsewhere)).toBe(true)
  })

  test('is never the one that a browser came with: a cookie that somebody else has set opens nothing', async () => {
    const rig = await apiRig()
    const planted = `__Host-breakerbot=${'A'.repeat(43)}`
    const answer = await take(rig, await rig.link('1'), { origin: PUBLIC, cookie: planted })
    expect(answer.statusCode).toBe(303)
    expect(`__Host-breakerbot=${answer.cookies[0]!.value}`).not.toBe(planted)
    expect(await isIn(rig, planted)).toBe(false)
  })

  test('ends by signing out; the others go on', async () => {
    const rig = await apiRig()
    const [one, other] = [await rig.signIn('1'), await rig.signIn('1')]
    const out = await rig.call({ cookie: one }, 'DELETE', '/session')
    expect(out.json()).toEqual({ ended: 1 })
    expect(out.cookies[0]).toMatchObject({ name: '__Host-breakerbot', value: '' })
    expect([await isIn(rig, one), await isIn(rig, other)]).toEqual([false, true])
    const page = await rig.app.inject({
      method: 'POST',
      url: '/console/sign-out',
      headers: { origin: PUBLIC, cookie: other, 'content-type': FORM },
      body: '',
    })
    expect(page.statusCode).toBe(200)
    expect(await isIn(rig, other)).toBe(false)
  })

  test.each([
    ['控制台 退出', '1', true],
    ['console off', '1', true],
    ['控制台 退出 甲', '9', true],
    ['控制台 退出 甲', '2', false],
  ])('«%s» by %s ends those of 甲: %s', async (line, who, ends) => {
    const rig = await apiRig()
    const [mine, others] = [await rig.signIn('1'), await rig.signIn('2')]
    const before = rig.telegram.shown.length
    await rig.say(rig.telegram, who, line).taken
    await until(() => rig.telegram.shown.length > before, 'the answer')
    expect([await isIn(rig, mine), await isIn(rig, others)]).toEqual([!ends, true])
  })

  test('an admin ends those of anybody by the API too, and who they were is in the audit', async () => {
    const rig = await apiRig()
    const [mine, admin, other] = [await rig.signIn('1'), await rig.signIn('9'), await rig.signIn('2')]
    const path = `/people/${encodeURIComponent('甲')}/sessions`
    expect((await rig.call({ cookie: other }, 'DELETE', path)).statusCode).toBe(404)
    expect((await rig.call({ cookie: admin }, 'DELETE', path)).json()).toEqual({ ended: 1 })
    expect(await isIn(rig, mine)).toBe(false)
    const lines = (await rig.store.audit({ subjects: ['console'] })).map(({ who, what }) => `${who} ${what}`)
    expect(lines).toEqual(
      expect.arrayContaining(['甲 console.link-sent', '甲 console.signed-in', '场长 console.session-ended']),
    )
  })

  test('goes on after a restart, and at another instance', async () => {
    const folder = newFolder()
    const rig = await apiRig({ folder })
    const cookie = await rig.signIn('1')
    const other = await apiRig({ beside: rig })
    expect(await isIn(other, cookie)).toBe(true)
    await rig.call({ cookie }, 'POST', `/breakers/${PUMP}/hold`, {
      headers: { 'content-type': 'application/json' },
      body: '{"reason":"x"}',
    })
    await other.stop()
    await rig.app.close()
    await rig.stop()
    const again = await apiRig({ folder })
    expect(await isIn(again, cookie)).toBe(true)
    await again.call({ cookie }, 'DELETE', '/session')
    expect(await isIn(again, cookie)).toBe(false)
  })

  test('nothing that opens one lies in the store or the log', async () => {
    const rig = await apiRig()
    const code = await rig.link('1')
    const [, token = ''] = (await rig.signIn('1')).split('=')
    const kept = JSON.stringify([
      await rig.store.list({ kind: 'session' }),
      await rig.store.list({ kind: 'sign-in' }),
      await rig.store.audit({ limit: 1000 }),
      rig.lines,
    ])
    for (const secret of [code, token]) {
      expect(secret.length).toBeGreaterThan(40)
      expect(kept).not.toContain(secret)
    }
  })
})

describe('another site’s page', () => {
  const attempts: [string, Record<string, string>][] = [
    ['no Origin', { 'x-breakerbot': '1' }],
    ['another Origin', { origin: 'https://evil.example', 'x-breakerbot': '1' }],
    ['Origin null', { origin: 'null', 'x-breakerbot': '1' }],
    ['no header of ours', { origin: PUBLIC }],
  ]
  test.each(attempts)('does nothing in somebody’s name: %s', async (_what, headers) => {
    const rig = await apiRig()
    const cookie = await rig.signIn('1')
    for (const [method, url] of [
      ['POST', `/api/v1/breakers/${PUMP}/open`],
      ['DELETE', '/api/v1/session'],
    ] as const) {
      const answer = await rig.app.inject({ method, url, headers: { cookie, ...headers } })
      expect(answer.statusCode).toBe(403)
      expect(answer.json()).toMatchObject({ error: 'FOREIGN_ORIGIN' })
    }
    expect(await isIn(rig, cookie)).toBe(true)
  })

  test.each(['cross-site', 'same-site'])(
    'reads nothing in somebody’s name, where the browser says so: %s',
    async (site) => {
      const rig = await apiRig()
      const by = { cookie: await rig.signIn('1') }
      const read = (from: string, path: string) =>
        rig.call(by, 'GET', path, { headers: { 'sec-fetch-site': from } })
      for (const path of ['/me', '/history', '/events'])
        expect((await read(site, path)).json(), path).toMatchObject({ error: 'FOREIGN_ORIGIN' })
      for (const from of ['same-origin', 'none']) expect((await read(from, '/me')).statusCode).toBe(200)
    },
  )

  test('may use no answer as a part of its own', async () => {
    const rig = await apiRig()
    const { headers } = await rig.call({ cookie: await rig.signIn('1') }, 'GET', '/me')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  test('cannot send a form in place of JSON', async () => {
    const rig = await apiRig()
    const answer = await rig.call({ cookie: await rig.signIn('1') }, 'POST', `/breakers/${PUMP}/hold`, {
      headers: { 'content-type': FORM },
      body: 'reason=x',
    })
    expect(answer.statusCode).toBe(415)
  })
})

describe('limits', () => {
  test('ten tries to sign in a minute from one address', async () => {
    const rig = await apiRig()
    const tries: number[] = []
    for (let n = 0; n < 12; n++) tries.push((await take(rig, `wrong${n}`)).statusCode)
    expect(tries).toEqual([...Array(10).fill(403), 429, 429])
  })

  test.each([
    ['zh-CN,zh;q=0.9', 'zh-CN', /尝试次数过多。请在 (\d+) 秒后再试/],
    ['en-GB', 'en', /Too many tries from this address\. Please go on in (\d+) s/],
  ])(
    'whoever reads %s in a browser is told in a page how long to wait; a program in JSON',
    async (language, lang, says) => {
      const rig = await apiRig()
      const open = (accept: string) =>
        rig.app.inject({
          url: '/console/sign-in?code=x',
          headers: { accept, 'accept-language': language },
        })
      for (let n = 0; n < 10; n++) expect((await open('text/html')).statusCode).toBe(200)
      const page = await open('text/html,application/xhtml+xml;q=0.9,*/*;q=0.8')
      expect([page.statusCode, page.headers['content-type']]).toEqual([429, 'text/html; charset=utf-8'])
      expect(page.headers['content-security-policy']).toContain("default-src 'none'")
      expect(page.body).toContain(`<html lang="${lang}">`)
      expect(says.exec(page.body)?.[1]).toBe(page.headers['retry-after'])
      const json = await open('*/*')
      expect([json.statusCode, json.json().error]).toEqual([429, 'TOO_MANY'])
    },
  )

  test('ten tries to sign out in a minute from one address: each looks into the store', async () => {
    const rig = await apiRig()
    const out = () =>
      rig.app.inject({
        method: 'POST',
        url: '/console/sign-out',
        headers: { origin: PUBLIC, 'content-type': FORM },
        body: '',
      })
    const tries: number[] = []
    for (let n = 0; n < 11; n++) tries.push((await out()).statusCode)
    expect(tries).toEqual([...Array(10).fill(200), 429])
  })

  test('three hundred calls a minute by one session, and what one uses up is not another’s', async () => {
    const rig = await apiRig()
    const [one, other] = [{ cookie: await rig.signIn('1') }, { cookie: await rig.signIn('2') }]
    const status = async (by: By) => (await rig.call(by, 'GET', '/rooms')).statusCode
    const first = await Promise.all(Array.from({ length: 300 }, () => status(one)))
    expect(new Set(first)).toEqual(new Set([200]))
    const over = await rig.call(one, 'GET', '/rooms')
    expect(over.statusCode).toBe(429)
    expect(over.json()).toMatchObject({ error: 'TOO_MANY' })
    expect(over.headers['retry-after']).toBeDefined()
    expect(await status(other)).toBe(200)
  })

  test('those who are turned away count too', async () => {
    const rig = await apiRig()
    const tries: number[] = []
    for (let n = 0; n < 301; n++)
      tries.push((await rig.call({ token: `wrong-${n}-${'x'.repeat(32)}` }, 'GET', '/me')).statusCode)
    expect(tries).toEqual([...Array(300).fill(401), 429])
  })

  test('five links in ten minutes for one person', async () => {
    const rig = await apiRig()
    for (let n = 0; n < 5; n++) await rig.link('1')
    await rig.say(rig.telegram, '1', '控制台').taken
    await untilSays(rig.telegram, '过多')
  })
})

describe('the pages', () => {
  test('say the same in both languages, and escape what they are given', async () => {
    const rig = await apiRig()
    const page = (language: string, code = 'abc') =>
      rig.app.inject({
        url: `/console/sign-in?code=${encodeURIComponent(code)}`,
        headers: { 'accept-language': language },
      })
    expect((await page('en')).body).toContain('<button type="submit">Sign in</button>')
    expect((await page('zh-CN')).body).toContain('<button type="submit">登录</button>')
    const evil = (await page('en', '"><script>alert(1)</script>')).body
    expect(evil).not.toContain('<script>')
    expect(evil).toContain('&quot;&gt;&lt;script&gt;')
  })

  test('come with a policy that allows nothing inline or from elsewhere', async () => {
    const rig = await apiRig()
    for (const url of ['/console', '/console/sign-in', '/console/sign-in?code=x', '/console/style.css']) {
      const { headers, body } = await rig.app.inject({ url })
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
      expect(policy).not.toMatch(/unsafe|\*|data:/)
      expect(body).not.toMatch(/<style|<script>| on\w+=| style=/)
      // «no-referrer» would have the browser send «Origin: null» with the form.
      expect(headers['referrer-policy']).toBe('same-origin')
      if (!url.endsWith('.css')) expect(headers['cache-control']).toBe('no-store')
    }
  })

  test('/console is the same for everybody, knows nothing, says how one signs in, and all its parts can be had', async () => {
    const rig = await apiRig()
    await closed(rig)
    const page = await rig.app.inject({ url: '/console' })
    const known = await rig.app.inject({ url: '/console', headers: { cookie: await rig.signIn('1') } })
    expect([page.statusCode, known.body]).toEqual([200, page.body])
    expect(page.headers['set-cookie']).toBeUndefined()
    expect(page.body).toContain('登录请在聊天中向机器人发送“控制台”')
    for (const secret of ['增氧', '甲', PUMP]) expect(page.body).not.toContain(secret)
    const parts = [...page.body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, url]) => url!)
    expect(parts).toContain('/console/page/app.js')
    for (const url of parts) expect((await rig.app.inject({ url })).statusCode).toBe(200)
  })
})
