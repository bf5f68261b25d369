import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { closedPort } from '../support/closed-port.ts'
import { leaksIn } from '../support/secrets.ts'
import { until } from '../support/until.ts'
import { newFolder, run, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import { pushTo } from './rig.ts'

/** Unmistakable, each of its own form. */
const SECRETS = {
  appSecret: 'zq9-App/Secret+wonderful',
  pushToken: 'zq9-push-token-wonderful',
  telegram: '987654:zq9-TELEGRAM_token-wonderful',
  dingtalk: 'zq9-ding/talk secret:wonderful',
  wecom: 'zq9-wecom"secret"wonderful',
  robot: 'zq9-robot-key-wonderful',
  roomRobot: 'zq9-room-robot-key-wonderful',
  smtp: 'zq9-smtp-password-wonderful',
  voice: 'zq9-voice-access-key-secret',
  hookPath: 'zq9-hook-path-wonderful',
  hookQuery: 'zq9-hook-query-wonderful',
  heartbeat: 'zq9-heartbeat-uuid-wonderful',
  api: 'zq9-api-token-wonderful-0123456789abcdef',
  proxy: 'zq9-proxy-password-wonderful',
}
const HOOK = `whsec_${Buffer.from('zq9-hook-signing-secret-wonderful').toString('base64')}`
const ALL = { ...SECRETS, hook: HOOK }

/** A far end that refuses everything, and says back all that it was sent. */
async function startEcho() {
  const asked = new Set<string>()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      asked.add(kindOf(request))
      const said = `you sent ${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`
      const answer = {
        ok: false,
        error_code: 400,
        description: said,
        code: 'Odd',
        message: said,
        errcode: 40001,
      }
      response.writeHead(400, said.includes('/bot') ? {} : { 'x-echo': 'yes' })
      response.end(JSON.stringify({ ...answer, errmsg: said, msg: said, Code: 'Odd', Message: said }))
    })
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    asked.add('wecom')
    socket.on('message', (data) => {
      const { headers } = JSON.parse(String(data)) as { headers: object }
      socket.send(JSON.stringify({ headers, errcode: 853000, errmsg: `you sent ${data}` }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

const kindOf = ({ url = '' }: IncomingMessage): string =>
  (url.startsWith('/bot') && 'telegram') ||
  (url.includes('/demoapp/') && 'cloud') ||
  (url.includes('/v1.0/') && 'dingtalk') ||
  (url.includes('webhook/send') && 'robot') ||
  (url.includes('hook-path') && 'webhook') ||
  (url.includes('heartbeat') && 'heartbeat') ||
  'voice'

const quoted = JSON.stringify

function configText(far: string, more = ''): string {
  return `
server: { host: 127.0.0.1, port: 0, publicUrl: "http://127.0.0.1:1" }
store: sqlite:./data/breakerbot.db
energy: { tripPictures: false }
thingboot: { appId: demoapp, appSecret: ${quoted(SECRETS.appSecret)}, baseUrl: "${far}", pushToken: ${SECRETS.pushToken}, reconcileEvery: 10s }
channels:
  telegram: { token: "${SECRETS.telegram}", apiRoot: "${far}" }
  dingtalk: { clientId: dingapp, clientSecret: ${quoted(SECRETS.dingtalk)}, apiBase: "${far}", oapiBase: "${far}" }
  wecom: { botId: aib1, secret: ${quoted(SECRETS.wecom)}, wsUrl: "${far.replace('http', 'ws')}/ws", groupRobot: { key: ${SECRETS.robot}, baseUrl: "${far}" } }
notify:
  mail: { smtp: "smtp://user:${SECRETS.smtp}@127.0.0.1:9", from: "a@example.com" }
  webhooks: { ops: { url: "${far}/${SECRETS.hookPath}?key=${SECRETS.hookQuery}", secret: "${HOOK}" } }
  voice: { aliyun: { accessKeyId: LTAI, accessKeySecret: ${SECRETS.voice}, ttsCode: TTS_1, endpoint: "${far}" } }
heartbeat: { url: "${far}/${SECRETS.heartbeat}", failUrl: "${far}/${SECRETS.heartbeat}/fail", every: 10s }
api: { tokens: [{ name: meter, role: admin, token: "${SECRETS.api}" }] }
escalation: { default: { ackTimeout: 30m, repeat: 1, steps: [ { after: 0s, cards: true }, { after: 0s, call: all }, { after: 0s, mail: [b@example.com] }, { after: 0s, webhook: ops } ] } }
rooms: [{ name: night, telegram: -100, dingtalk: cid1, wecom: wr1, wecomGroupRobot: ${SECRETS.roomRobot} }]
people: [{ name: 甲, role: admin, telegram: 1, dingtalk: a, wecom: a, phone: "13800000000", ways: [voice] }]
breakers: [{ id: 820720, name: pump, site: pond, room: night, ratedCurrent: 60 }]
${more}`
}

const folder = newFolder()
let echo: Awaited<ReturnType<typeof startEcho>>
beforeAll(async () => {
  echo = await startEcho()
})
afterAll(async () => {
  await echo.close()
  folder.remove()
})

/** What lies in the store's files, too. */
const stored = () =>
  readdirSync(join(folder.path, 'data')).map((name) =>
    readFileSync(join(folder.path, 'data', name), 'latin1'),
  )

/** Once all that can go wrong has gone wrong, everything that the program says and keeps is searched. */
test('where all far ends refuse and say back what they were sent, no secret is told or kept', async () => {
  const program = await startProgram(folder.path, configText(echo.url))
  const told: string[] = []
  const get = async (path: string, headers = {}) => {
    const answer = await fetch(program.url + path, { headers })
    told.push(`${JSON.stringify([...answer.headers])} ${await answer.text()}`)
  }
  await pushTo(program.url, trip(820720, Date.now()), SECRETS.pushToken)
  await pushTo(program.url, '{"', SECRETS.pushToken)
  await until(
    () =>
      ['telegram', 'cloud', 'dingtalk', 'wecom', 'heartbeat', 'webhook', 'voice'].every((one) =>
        echo.asked.has(one),
      ),
    'all far ends to be asked',
    40_000,
  )
  const authorization = `Bearer ${SECRETS.api}`
  for (const path of [
    '/readyz',
    '/metrics',
    '/healthz',
    '/openapi.json',
    '/console',
    `/api/device/callback/${SECRETS.pushToken}`,
  ])
    await get(path)
  for (const path of ['/me', '/breakers', '/incidents', '/history', '/channels', '/people', '/rooms'])
    await get(`/api/v1${path}`, { authorization })
  await get('/api/v1/me', { authorization: `${authorization}x` })
  await get('/api/v1/me', { cookie: `breakerbot=${SECRETS.api}` })
  writeFileSync(join(folder.path, 'other.yaml'), configText(echo.url))
  program.reload(configText(echo.url, 'nonsense: 1'))
  await until(() => program.ran.err.includes('was not taken'), 'the fault of the configuration')
  expect((await program.terminate()).code).toBe(0)
  told.push(program.ran.out, program.ran.err)
  for (const args of [['audit', 'export'], ['unreadable'], ['pushes']]) {
    const { out, err } = await run([...args, '--config', 'other.yaml'], folder.path)
    told.push(out, err)
  }
  expect(program.ran.err).toContain('you sent')
  expect(leaksIn(told.join('\n'), ALL)).toEqual([])
  expect(leaksIn(stored().join('\n'), ALL)).toEqual([])
})

test('what `check --online` says of each part holds no secret', async () => {
  writeFileSync(join(folder.path, 'breakerbot.yaml'), configText(echo.url))
  const { out, err, code } = await run(['check', '--online'], folder.path)
  expect(code).toBe(2)
  expect(out).toContain('FAIL')
  expect(leaksIn(out + err, ALL)).toEqual([])
})

test('what nobody answers, through a proxy with a password, holds none either', async () => {
  const port = await closedPort()
  const text = configText(`http://127.0.0.1:${port}`).replace(
    'apiRoot:',
    `proxy: "http://user:${SECRETS.proxy}@127.0.0.1:${port}", apiRoot:`,
  )
  const program = await startProgram(folder.path, text)
  await until(
    () => (program.ran.err.match(/connection failed|cannot be reached|ECONNREFUSED/g)?.length ?? 0) > 3,
    'faults',
  )
  const ready = await (await fetch(`${program.url}/readyz`)).text()
  await program.terminate()
  expect(leaksIn(program.ran.out + program.ran.err + ready, ALL)).toEqual([])
})

test.each([
  ['a redis that is not there', `redis://user:${SECRETS.proxy}@127.0.0.1:9`, 2],
  ['a redis whose address is none', `redis://user:${SECRETS.proxy}@:x`, 1],
])('a program that does not start over %s tells none', async (_what, store, code) => {
  writeFileSync(
    join(folder.path, 'breakerbot.yaml'),
    configText(echo.url).replace(/store: .*/, `store: "${store}"`),
  )
  const ran = await run(['start'], folder.path)
  expect(ran.code).toBe(code)
  expect(leaksIn(ran.out + ran.err, ALL)).toEqual([])
})

test.each([
  ['an alias', `appSecret: *${SECRETS.pushToken}`],
  ['a tag', `appSecret: !${SECRETS.pushToken} x`],
  ['a list', `appSecret: [${SECRETS.pushToken}]`],
  ['an open quote', `appSecret: "${SECRETS.pushToken}`],
  ['too many colons', `appSecret: a: ${SECRETS.pushToken}`],
])('a secret written as %s is not said back with the fault', async (_what, line) => {
  writeFileSync(join(folder.path, 'breakerbot.yaml'), `thingboot:\n  ${line}\n  appId: a\n`)
  const ran = await run(['check'], folder.path)
  expect(ran.code).toBe(1)
  expect(leaksIn(ran.out + ran.err, ALL)).toEqual([])
})
