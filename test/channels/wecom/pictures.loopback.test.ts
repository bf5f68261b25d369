import { describe, expect, test } from 'vitest'
import type { Content } from '../../../src/channels/channel.ts'
import type { FrameMatch, WeComSim } from '../../../src/simulator/wecom/index.ts'
import { asObject, member, textOf } from '../../../src/simulator/wecom/json.ts'
import { picture } from '../../support/png.ts'
import { until } from '../../support/until.ts'
import { botMessages, createRig, GROUP, robotMessages, sent } from './rig.ts'

const PICTURE = picture()
const TEXT = 'Pump 3 used 12.4 kWh today.'
const ONLY_WORDS = [['markdown', `${TEXT}\n${PICTURE.instead}`]]
const CHUNK = 'aibot_upload_media_chunk'
const INIT = 'aibot_upload_media_init'

async function start(options: Parameters<typeof createRig>[0] = {}) {
  const rig = await createRig(options)
  await rig.start()
  await rig.ready()
  const send = (content: Partial<Content> = {}, chat = GROUP, key = 'k1') =>
    rig.channel.send(chat, { text: TEXT, picture: PICTURE, ...content } as Content, key)
  return { ...rig, send }
}

const seen = (sim: WeComSim) => botMessages(sim).map(({ msgtype, text }) => [msgtype, text])
const DELIVERED = { outcome: 'delivered', message: 'k1' }

/** The message of a picture. */
const image: FrameMatch = { cmd: 'aibot_send_msg', when: ({ body }) => body.msgtype === 'image' }

test('a picture is uploaded, and follows its text', async () => {
  const { sim, send } = await start()
  expect(await send()).toEqual(DELIVERED)
  expect(seen(sim)).toEqual([
    ['markdown', TEXT],
    ['image', ''],
  ])
  const media = textOf(member(botMessages(sim)[1]!.body, 'image'), 'media_id')!
  expect(Buffer.from(sim.media(media)!)).toEqual(Buffer.from(PICTURE.png))
  expect(sent(sim, INIT)[0]!.frame!.body).toMatchObject({ type: 'image', total_chunks: 1 })
})

test('a large one goes up in parts that a slow line can take, one after the other', async () => {
  const { sim, send } = await start()
  const large = picture('', 300_000)
  expect(await send({ picture: large })).toEqual(DELIVERED)
  const parts = sent(sim, CHUNK).map(({ frame }) => textOf(asObject(frame!.body), 'base64_data')!.length)
  expect(parts).toHaveLength(3)
  expect(Math.max(...parts)).toBeLessThan(180_000)
  const media = textOf(member(botMessages(sim)[1]!.body, 'image'), 'media_id')!
  expect(Buffer.from(sim.media(media)!)).toEqual(Buffer.from(large.png))
})

test('one picture for several chats is uploaded once', async () => {
  const { sim, send } = await start()
  sim.addUser({ userid: 'lisi', interacted: true })
  await Promise.all([send(), send({}, 'user:lisi', 'k2')])
  expect(sent(sim, INIT)).toHaveLength(1)
  expect(botMessages(sim, { user: 'lisi' }).map(({ msgtype }) => msgtype)).toEqual(['markdown', 'image'])
})

describe('what cannot be uploaded goes as words', () => {
  test.each<[string, (sim: WeComSim) => unknown]>([
    ['refused at the beginning', (sim) => sim.faults.failNext({ errcode: 40004, cmd: INIT })],
    ['too many uploads', (sim) => sim.faults.failNext({ errcode: 45009, cmd: INIT })],
    ['a part refused', (sim) => sim.faults.failNext({ errcode: -1, cmd: CHUNK })],
    [
      'refused at the end',
      (sim) => sim.faults.failNext({ errcode: 40058, cmd: 'aibot_upload_media_finish' }),
    ],
    ['a part that is not answered', (sim) => sim.faults.swallow({ cmd: CHUNK })],
  ])('%s', async (_why, cause) => {
    const { sim, send } = await start()
    cause(sim)
    expect(await send()).toEqual(DELIVERED)
    expect(seen(sim)).toEqual(ONLY_WORDS)
    // The next one is tried anew.
    await send({}, GROUP, 'k2')
    expect(seen(sim).slice(1)).toEqual([
      ['markdown', TEXT],
      ['image', ''],
    ])
  })

  test('too large for WeCom: it is not tried', async () => {
    const { sim, send } = await start()
    expect(await send({ picture: picture(PICTURE.instead, 10 * 1024 * 1024) })).toEqual(DELIVERED)
    expect(seen(sim)).toEqual(ONLY_WORDS)
    expect(sent(sim, INIT)).toEqual([])
  })

  test('a chat that has no room for a message more', async () => {
    const { sim, send } = await start()
    for (let n = 0; n < 5; n++) await send({}, GROUP, `k${n}`)
    expect(seen(sim).slice(-1)).toEqual(ONLY_WORDS)
  })
})

describe('what goes wrong after the text is out is no failure of the message', () => {
  test.each<[string, (sim: WeComSim) => unknown, string[]]>([
    ['refused', (sim) => sim.faults.failNext({ errcode: 40007, ...image }), [PICTURE.instead]],
    ['an error nobody knows', (sim) => sim.faults.failNext({ errcode: 99999, ...image }), [PICTURE.instead]],
    ['too often', (sim) => sim.faults.failNext({ errcode: 846607, ...image }), []],
    ['not answered', (sim) => sim.faults.swallow(image), []],
  ])('%s', async (_why, cause, more) => {
    const { sim, send } = await start()
    cause(sim)
    expect(await send()).toEqual(DELIVERED)
    expect(seen(sim)).toEqual([TEXT, ...more].map((text) => ['markdown', text]))
  })

  test('a media id that WeCom would not have is not used again', async () => {
    const { sim, send } = await start()
    sim.faults.failNext({ errcode: 40007, ...image })
    await send()
    await send({}, GROUP, 'k2')
    expect(sent(sim, INIT)).toHaveLength(2)
    expect(seen(sim).at(-1)).toEqual(['image', ''])
  })
})

describe('a text whose picture is ready', () => {
  test('that is refused for now waits with its picture, which is not uploaded again', async () => {
    const { sim, send } = await start()
    sim.faults.failNext({ errcode: 846607, cmd: 'aibot_send_msg' })
    expect(await send()).toMatchObject({ outcome: 'later', wholeChat: true })
    expect(seen(sim)).toEqual([])
    expect(await send()).toEqual(DELIVERED)
    expect(seen(sim)).toHaveLength(2)
    expect(sent(sim, INIT)).toHaveLength(1)
  })

  test('that is refused for good takes no picture into the chat', async () => {
    const { sim, send } = await start()
    sim.faults.failNext({ errcode: 93006, cmd: 'aibot_send_msg' })
    expect(await send()).toMatchObject({ outcome: 'refused', gone: 'chat' })
    expect(seen(sim)).toEqual([])
  })
})

test('the connection is lost in the upload: nothing is there, and it comes with its picture', async () => {
  const { sim, channel, send } = await start()
  sim.faults.swallow({
    cmd: CHUNK,
    when: () => {
      setImmediate(() => sim.faults.drop())
      return true
    },
  })
  expect(await send()).toMatchObject({ outcome: 'later', wholeChat: true })
  expect(seen(sim)).toEqual([])
  await until(() => channel.health().state === 'ready' && channel.health().connects === 2, 'a connection')
  expect(await send()).toEqual(DELIVERED)
  expect(seen(sim)).toHaveLength(2)
})

test('what cannot leave while there is no connection takes no room: the picture is shown afterwards', async () => {
  const { sim, channel, send } = await start({ timing: { firstPause: 300, longestPause: 300 } })
  sim.faults.drop()
  await until(() => channel.health().state === 'waiting', 'the loss of the connection')
  for (let n = 0; n < 40; n++) expect(await send()).toMatchObject({ outcome: 'later' })
  await until(() => channel.health().state === 'ready', 'a connection')
  expect(await send()).toEqual(DELIVERED)
  expect(seen(sim).map(([type]) => type)).toEqual(['markdown', 'image'])
})

test('the group robot, which stands in while the bot is not connected, has the words', async () => {
  const { sim, channel, send } = await start({
    robot: true,
    timing: { firstPause: 60_000, longestPause: 60_000 },
  })
  sim.faults.drop()
  await until(() => channel.health().state === 'waiting', 'the loss of the connection')
  expect(await send({ urgent: true })).toMatchObject({ outcome: 'later', told: true })
  expect(robotMessages(sim)[0]!.text).toContain(`${TEXT}\n${PICTURE.instead}`)
})
