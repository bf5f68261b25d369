import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Content } from '../../../src/channels/channel.ts'
import { type DingTalkFault, dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { picture } from '../../support/png.ts'
import { until } from '../../support/until.ts'
import { createRig, GROUP, GROUP_PATH, hurt, type Rig, requests, robotTexts, TOKEN_PATH } from './rig.ts'

const UPLOAD_PATH = '/media/upload'
const PICTURE = picture()
const TEXT = '3号增氧机今日 12.4 kWh'
const ONLY_WORDS = [`${TEXT}\n${PICTURE.instead}`]
const DELIVERED = { outcome: 'delivered', message: 'k1' }
let rig: Rig
let used: string[]

beforeEach(async () => {
  used = []
  rig = await createRig({ timing: { uploadWithin: 400 }, onUse: (kind) => used.push(kind) })
  await rig.start()
})
afterEach(() => rig.close())

const send = (content: Partial<Content> = {}, chat = GROUP, key = 'k1') =>
  rig.channel.send(chat, { text: TEXT, picture: PICTURE, ...content } as Content, key)
const uploads = () => requests(rig.sim, UPLOAD_PATH)

/** The pictures that are seen in a chat. */
const shown = (chat: string | { user: string } = GROUP) =>
  rig.sim.messages(chat).flatMap((message) => {
    if (message.kind !== 'robot' || message.type !== 'sampleImageMsg') return []
    return [Buffer.from(rig.sim.media(String(message.content.photoURL)) ?? '')]
  })

/** The message of a picture goes wrong. */
const hurtPicture = (effect: DingTalkFault) =>
  rig.sim.faults.add({
    when: ({ path, body }) => path === GROUP_PATH && JSON.stringify(body).includes('sampleImageMsg'),
    effect,
  })

test('a picture is uploaded, and follows its text', async () => {
  expect(await send()).toEqual(DELIVERED)
  expect(robotTexts(rig.sim)).toEqual([TEXT, ''])
  expect(shown()).toEqual([Buffer.from(PICTURE.png)])
  // The upload, the text, the picture.
  expect(used).toEqual(['call', 'call', 'call'])
})

test('one picture for several chats is uploaded once; a person gets it, too', async () => {
  await Promise.all([send(), send({}, 'user:elec7', 'k2')])
  expect(uploads()).toBe(1)
  expect(shown({ user: 'elec7' })).toHaveLength(1)
})

test('the text answers by the address of the last message, the picture comes from the robot', async () => {
  rig.sim.say(GROUP, 'elec7', '电量', { at: true })
  await until(() => rig.inputs.length > 0)
  expect(await send()).toEqual(DELIVERED)
  expect(rig.sim.messages(GROUP).slice(1)).toMatchObject([
    { via: 'sessionWebhook', text: TEXT },
    { via: 'robot', type: 'sampleImageMsg' },
  ])
})

test('a token that is good no more is renewed once', async () => {
  await send()
  rig.sim.expireTokens()
  expect(await send({ picture: picture('', 10) }, GROUP, 'k2')).toMatchObject({ outcome: 'delivered' })
  expect(shown()).toHaveLength(2)
  expect(requests(rig.sim, TOKEN_PATH)).toBe(2)
})

describe('what cannot be uploaded goes as words', () => {
  test.each<[string, DingTalkFault]>([
    ['refused', faults.errcode(40006, '不合法的文件大小')],
    ['without an id', { answer: { status: 200, body: { errcode: 0, errmsg: 'ok' } } }],
    ['a token that is refused for good', faults.errcode(40014, '不合法的access_token')],
    ['the connection is lost before the work', faults.reset('before')],
    ['the connection is lost in the answer', faults.reset('body', true)],
    ['a torn answer', faults.malformed()],
    ['a gateway gives up', faults.gatewayTimeout(true)],
    ['hung', faults.hang()],
  ])('%s', async (_why, fault) => {
    hurt(rig.sim, UPLOAD_PATH, fault, 2)
    expect(await send()).toEqual(DELIVERED)
    expect(robotTexts(rig.sim)).toEqual(ONLY_WORDS)
  })

  test('too large for DingTalk: it is not tried', async () => {
    expect(await send({ picture: picture(PICTURE.instead, 20 * 1024 * 1024) })).toEqual(DELIVERED)
    expect(robotTexts(rig.sim)).toEqual(ONLY_WORDS)
    expect(uploads()).toBe(0)
  })

  test('the next one is tried anew', async () => {
    hurt(rig.sim, UPLOAD_PATH, faults.systemBusy())
    await send()
    await send({}, GROUP, 'k2')
    expect(shown()).toHaveLength(1)
  })
})

describe('what goes wrong after the text is out is no failure of the message', () => {
  test('refused: words follow, and the media id is not used again', async () => {
    hurtPicture({
      answer: { status: 400, body: { code: 'invalidParameter.msgParam.invalid', message: 'no' } },
    })
    expect(await send()).toEqual(DELIVERED)
    expect(robotTexts(rig.sim)).toEqual([TEXT, PICTURE.instead])
    await send({}, GROUP, 'k2')
    expect(uploads()).toBe(2)
  })

  test.each<[string, DingTalkFault, number]>([
    ['it may be there', faults.reset('body', true), 1],
    ['it is not answered', faults.hang(), 0],
    ['too many messages', faults.errcode(410100, 'too fast'), 0],
  ])('%s: nothing is said twice', async (_why, fault, pictures) => {
    hurtPicture(fault)
    expect(await send()).toEqual(DELIVERED)
    expect(robotTexts(rig.sim).filter(Boolean)).toEqual([TEXT])
    expect(shown()).toHaveLength(pictures)
  })
})

test('a text that waits brings its picture, which is not uploaded again', async () => {
  hurt(rig.sim, GROUP_PATH, faults.qpsOfApp())
  expect(await send()).toMatchObject({ outcome: 'later' })
  expect(shown()).toEqual([])
  expect(await send()).toEqual(DELIVERED)
  expect(shown()).toHaveLength(1)
  expect(uploads()).toBe(1)
})

test('a group that the robot was taken out of gets neither', async () => {
  rig.sim.removeRobot(GROUP, 'dingapp1')
  expect(await send()).toMatchObject({ outcome: 'refused', gone: 'chat' })
  expect(rig.sim.messages(GROUP)).toEqual([])
})
