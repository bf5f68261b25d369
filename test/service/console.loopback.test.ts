import { afterEach, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { createLog } from '../../src/log.ts'
import { startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { PEOPLE, untilCard, untilSaid } from './chats.ts'
import { configText, createWorld, type Rig, readConfig, startRig, TOKEN } from './rig.ts'

const PUBLIC = 'https://bots.example'
const PUMP = 820720
const API_TOKEN = `pumps-${'x'.repeat(40)}`
const API = `api: { tokens: [{ name: 泵房脚本, role: operator, mayClose: true, token: "${API_TOKEN}" }] }`

/** What of the answers is looked at here. */
interface Body {
  message: string
  confirm: { nonce: string }
  circuits: [{ close: { may: string } }]
}

/** A browser as far as signing in needs one, at one instance. */
function browser(url: string, cookie = '') {
  let jar = cookie
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        cookie: jar,
        origin: PUBLIC,
        'x-breakerbot': '1',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  return {
    call,
    cookie: () => jar,
    /** Opens the link of the chat, and presses the button of its page. */
    async signIn(link: string): Promise<number> {
      const { pathname, search } = new URL(link)
      const page = await (await fetch(`${url}${pathname}${search}`)).text()
      const [, code] = /name="code" value="([\w-]+)"/.exec(page)!
      const response = await fetch(`${url}/console/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: PUBLIC, 'content-type': 'application/x-www-form-urlencoded' },
        body: `code=${code}`,
      })
      jar = response.headers.get('set-cookie')?.split(';')[0] ?? jar
      return response.status
    },
  }
}

const toPerson = (rig: Pick<Rig, 'telegram'>, who: keyof typeof PEOPLE) =>
  rig.telegram.messages(PEOPLE[who].telegram).map((one) => one.text)

/** Asks for a link one-to-one, and waits for it. */
async function linkFor(rig: Pick<Rig, 'telegram'>, who: keyof typeof PEOPLE): Promise<string> {
  const before = toPerson(rig, who).length
  const id = PEOPLE[who].telegram
  rig.telegram.say(id, id, '控制台')
  return until(() => {
    const text = toPerson(rig, who)
      .slice(before)
      .find((one) => one.includes('code='))
    return text && /https:\S+/.exec(text)![0]
  }, 'the link')
}

describe('the console of the whole service', () => {
  let rig: Rig
  afterEach(() => rig.close())

  test('a link from the chat, a refused close, an allowed one: the contacts close, and the audit says who and by what', async () => {
    rig = await startRig({ platforms: ['telegram'], publicUrl: PUBLIC })
    const chat = rig.chats.telegram
    await rig.cloud.report(PUMP)
    await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
    await untilCard(chat, '已分闸', ['合闸'])
    // While 甲 takes nothing of the bot one-to-one, Telegram refuses to bring it, and it must not stand in the group.
    rig.telegram.kickBot(PEOPLE.甲.telegram)
    chat.say('甲', '控制台')
    await untilSaid(chat, '未能私聊')
    rig.telegram.setMember(PEOPLE.甲.telegram, Number(TOKEN.split(':')[0]), 'member')
    const me = browser(rig.url)
    expect(await me.signIn(await linkFor(rig, '甲'))).toBe(303)
    expect(chat.texts().join('\n')).not.toContain('code=')
    expect((await me.call('GET', '/me')).body).toMatchObject({ name: '甲', role: 'operator', via: 'console' })

    chat.say('乙', '挂牌 3号增氧机 检修水泵')
    await untilSaid(chat, '乙 给 3号增氧机 挂牌：检修水泵')
    const refused = await me.call('POST', `/breakers/${PUMP}/close`)
    expect(refused).toMatchObject({
      status: 409,
      body: { error: 'REFUSED', reasons: [{ key: 'gate.hold' }] },
    })
    expect(refused.body.message).toContain('乙')
    chat.say('乙', '摘牌 3号增氧机')
    await untilSaid(chat, '摘牌')
    await until(
      async () => (await me.call('GET', `/breakers/${PUMP}`)).body.circuits[0].close.may === 'confirm',
      'the hold to be lifted',
    )

    const asked = await me.call('POST', `/breakers/${PUMP}/close`)
    expect(asked).toMatchObject({ status: 200, body: { state: 'asked' } })
    await untilCard(chat, '请求合闸', ['确认合闸'])
    expect(rig.cloud.device(PUMP).positions.power).toBe('open')
    const { nonce } = asked.body.confirm
    expect((await me.call('POST', `/breakers/${PUMP}/confirm`, { nonce })).status).toBe(202)
    await untilCard(chat, '已合闸')
    expect(rig.cloud.device(PUMP).positions.power).toBe('closed')
    const lines = rig.audit().filter(({ what }) => what.startsWith('close.'))
    expect(lines.map(({ who, what, details }) => [who, what, details?.via])).toEqual([
      ['甲', 'close.refused', 'console'],
      ['甲', 'close.asked', 'console'],
      ['甲', 'close.confirmed', 'console'],
    ])
    chat.say('甲', '历史 3号增氧机')
    await untilSaid(chat, '（控制台）')
    expect(rig.log.join('\n')).not.toContain(me.cookie().split('=')[1]!)
  })

  test('one who leaves the configuration is out at once, and nobody else', async () => {
    rig = await startRig({ platforms: ['telegram'], publicUrl: PUBLIC })
    const [mine, other] = [browser(rig.url), browser(rig.url)]
    await mine.signIn(await linkFor(rig, '甲'))
    await other.signIn(await linkFor(rig, '乙'))
    rig.adopt((text) => text.replace(/ {2}- \{ name: 甲.*\n/, ''))
    expect((await mine.call('GET', '/me')).status).toBe(401)
    expect((await other.call('GET', '/me')).status).toBe(200)
  })

  test('a program asks for a close, a person confirms it in the chat', async () => {
    rig = await startRig({ platforms: ['telegram'], more: API })
    const chat = rig.chats.telegram
    await rig.cloud.report(PUMP)
    await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
    await untilCard(chat, '已分闸', ['合闸'])
    const answer = await fetch(`${rig.url}/api/v1/breakers/${PUMP}/close`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_TOKEN}` },
    })
    expect(await answer.json()).toMatchObject({ state: 'asked', confirm: null })
    await untilCard(chat, '请求合闸', ['确认合闸'])
    await chat.press('甲', '确认合闸')
    await untilCard(chat, '已合闸')
    expect(rig.cloud.device(PUMP).positions.power).toBe('closed')
    expect(rig.log.join('\n')).not.toContain(API_TOKEN)
  })

  test('ends within its time while somebody listens', async () => {
    rig = await startRig({ platforms: ['telegram'], more: API })
    const listening = await fetch(`${rig.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${API_TOKEN}` },
    })
    expect(listening.status).toBe(200)
    const all = listening.text()
    await rig.app.stop()
    expect(await all).toContain('event: reset')
  })
})

test('two instances share their sign-ins, and what is done at one is heard at the other', async () => {
  const [world, redis] = [await createWorld(), await startRedis()]
  const apps: App[] = []
  const start = async () => {
    const config = readConfig(
      configText(world, { platforms: ['telegram'], store: redis.url, publicUrl: PUBLIC }),
    )
    const app = await createApp(config, createLog({ level: 'silent' }))
    apps.push(app)
    return app.start()
  }
  try {
    const [one, two] = [await start(), await start()]
    const at = browser(one)
    expect(await at.signIn(await linkFor(world, '甲'))).toBe(303)
    const there = browser(two, at.cookie())
    expect((await there.call('GET', '/me')).body).toMatchObject({ name: '甲' })
    const listening = await fetch(`${two}/api/v1/events`, { headers: { cookie: at.cookie() } })
    const reader = listening.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await at.call('POST', `/breakers/${PUMP}/hold`, { reason: '检修' })).status).toBe(200)
    let heard = ''
    while (!heard.includes('changed')) heard += (await reader.read()).value
    expect(heard).toContain(`"id":"${PUMP}"`)
    await there.call('DELETE', '/session')
    expect((await at.call('GET', '/me')).status).toBe(401)
  } finally {
    await Promise.all(apps.map((app) => app.stop()))
    await redis.remove()
    await world.close()
  }
})
