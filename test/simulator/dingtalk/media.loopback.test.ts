import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DingTalkSim } from '../../../src/simulator/dingtalk/index.ts'
import { png } from '../../support/png.ts'
import { APP, accessToken, GROUP, type Reply, signedIn, startSim } from './support.ts'

const PICTURE = Buffer.from(png())
const OTHER = { clientId: 'dingapp2', clientSecret: 'app-secret-2' }
let sim: DingTalkSim

beforeEach(async () => {
  sim = await startSim()
  sim.addApp(OTHER)
})
afterEach(() => sim.close())

interface Upload {
  token?: string
  type?: string
  field?: string
  bytes?: Buffer
}

async function upload({ token, type = 'image', field = 'media', bytes = PICTURE }: Upload = {}) {
  const url = new URL('/media/upload', sim.url)
  url.searchParams.set('access_token', token ?? (await accessToken(sim)))
  url.searchParams.set('type', type)
  const form = new FormData()
  form.set(field, new Blob([new Uint8Array(bytes)]), 'chart.png')
  const response = await fetch(url, { method: 'POST', body: form })
  const body = (await response.json()) as { errcode: number; media_id?: string }
  return { status: response.status, ...body }
}

async function post(media: string, to: { app?: typeof APP; user?: string } = {}): Promise<Reply> {
  const { app = APP, user } = to
  const send = await signedIn(sim, app)
  const message = {
    robotCode: app.clientId,
    msgKey: 'sampleImageMsg',
    msgParam: JSON.stringify({ photoURL: media }),
  }
  return user === undefined
    ? send('POST', '/v1.0/robot/groupMessages/send', { ...message, openConversationId: GROUP })
    : send('POST', '/v1.0/robot/oToMessages/batchSend', { ...message, userIds: [user] })
}

it('keeps a picture, which a message to a group and one to a person can name, more than once', async () => {
  const { media_id: id = '', ...rest } = await upload()
  expect(rest).toEqual({
    status: 200,
    errcode: 0,
    errmsg: 'ok',
    type: 'image',
    created_at: expect.any(Number),
  })
  expect(id).toMatch(/^@/)
  expect(Buffer.from(sim.media(id)!)).toEqual(PICTURE)
  for (const to of [{}, {}, { user: 'elec7' }]) expect((await post(id, to)).status).toBe(200)
  expect(sim.messages(GROUP)).toMatchObject([
    { type: 'sampleImageMsg', content: { photoURL: id }, text: '' },
    { type: 'sampleImageMsg' },
  ])
  expect(sim.messages({ user: 'elec7' })).toHaveLength(1)
})

describe('refuses', () => {
  it.each<[string, Upload, number]>([
    ['no token', { token: '' }, 40014],
    ['a wrong token', { token: 'nonsense' }, 40014],
    ['an unknown type', { type: 'picture' }, 40004],
    ['another field', { field: 'file' }, 41005],
    ['an empty picture', { bytes: Buffer.alloc(0) }, 40006],
    [
      'a picture of more than 20 MB',
      { bytes: Buffer.concat([PICTURE, Buffer.alloc(20 * 1024 * 1024)]) },
      40006,
    ],
    ['what is no picture', { bytes: Buffer.from('a,b') }, 40005],
  ])('%s', async (_what, change, errcode) => {
    expect(await upload(change)).toMatchObject({ status: 200, errcode })
  })

  it('JSON in the place of a form', async () => {
    const url = `${sim.url}/media/upload?type=image&access_token=${await accessToken(sim)}`
    const response = await fetch(url, { method: 'POST', body: '{}' })
    expect(await response.json()).toMatchObject({ errcode: 41005 })
  })

  it('a token that has expired', async () => {
    const token = await accessToken(sim)
    sim.expireTokens()
    expect(await upload({ token })).toMatchObject({ errcode: 40014 })
  })

  it('more than the rate and more than the month has', async () => {
    const token = await accessToken(sim)
    sim.behaviour.callsPerMonth = 1
    expect(await upload({ token })).toMatchObject({ errcode: 0 })
    expect(await upload({ token })).toMatchObject({ errcode: 90030 })
    sim.behaviour.callsPerSecond = 2
    expect(await upload({ token })).toMatchObject({ errcode: 90018 })
  })
})

it('takes other files as what they are', async () => {
  expect(await upload({ type: 'file', bytes: Buffer.from('a,b') })).toMatchObject({
    errcode: 0,
    type: 'file',
  })
})

describe('a message with a picture that cannot be shown', () => {
  const refused = { status: 400, body: { code: 'invalidParameter.msgParam.invalid' } }

  it('is refused: unknown, of another app, no picture, too old', async () => {
    expect(await post('@lALunknown')).toMatchObject(refused)
    const { media_id: id = '' } = await upload()
    expect(await post(id, { app: OTHER, user: 'elec7' })).toMatchObject(refused)
    const { media_id: file = '' } = await upload({ type: 'file' })
    expect(await post(file)).toMatchObject(refused)
    sim.clock.advance(72 * 3_600_000)
    expect(await post(id)).toMatchObject(refused)
  })

  it('is taken, and shows nothing, where DingTalk is set so', async () => {
    sim.behaviour.unknownMedia = 'not shown'
    expect((await post('@lALunknown')).status).toBe(200)
    expect(sim.media('@lALunknown')).toBeUndefined()
  })

  it('an address is always taken', async () => {
    expect((await post('https://example.com/a.png')).status).toBe(200)
  })
})
