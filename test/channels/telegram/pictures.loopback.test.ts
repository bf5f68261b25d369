import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Content } from '../../../src/channels/channel.ts'
import { telegramFaults as faults } from '../../../src/simulator/telegram/index.ts'
import { picture } from '../../support/png.ts'
import { callsOf, createRig, delivered, FORUM, GROUP, hurt, LI, type Rig, refuse } from './rig.ts'

const chat = String(GROUP)
const PICTURE = picture()
const TEXT = 'Pump 3 used 12.4 kWh today.'
let rig: Rig

beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.close())

const send = (content: Partial<Content> = {}, to = chat, key = 'k1') =>
  rig.channel.send(to, { text: TEXT, picture: PICTURE, ...content } as Content, key)

/** What is seen: the kind of each message and its words. */
const seen = (at = GROUP) => rig.sim.messages(at).map(({ kind, text }) => [kind, text])

describe('a picture', () => {
  test('has its text below it, in one message', async () => {
    const id = delivered(await send())
    const [message, ...more] = rig.sim.messages(GROUP)
    expect(more).toEqual([])
    expect(message).toMatchObject({ id, kind: 'photo', text: TEXT, silent: false })
    expect(message?.file).toMatchObject({ width: 64, height: 32 })
    expect(Buffer.from(rig.sim.file(message!.file!.id)!)).toEqual(Buffer.from(PICTURE.png))
  })

  test('answers what its text answers, and calls on whom that calls on', async () => {
    const question = rig.sim.say(GROUP, LI.id, '/energy').messageId
    delivered(await send({ replyTo: String(question), mention: [{ id: String(LI.id), name: LI.name }] }))
    expect(rig.sim.messages(GROUP).at(-1)).toMatchObject({
      kind: 'photo',
      text: `${TEXT}\n${LI.name}`,
      replyTo: question,
      entities: [{ type: 'text_mention' }],
    })
  })

  test('goes into the topic, and to the chat itself where that is gone', async () => {
    delivered(await send({}, `${FORUM}/12`))
    rig.sim.setTopic(FORUM, 12, 'deleted')
    delivered(await send({}, `${FORUM}/12`, 'k2'))
    expect(rig.sim.messages(FORUM).map(({ kind, thread }) => [kind, thread])).toEqual([
      ['photo', 12],
      ['photo', undefined],
    ])
  })

  test('with a text of 1024 characters is one message, with one more a silent answer to it', async () => {
    delivered(await send({ text: 'x'.repeat(1024) }))
    const id = delivered(await send({ text: 'y'.repeat(1025) }, chat, 'k2'))
    const [one, text, photo] = rig.sim.messages(GROUP)
    expect(one).toMatchObject({ kind: 'photo', text: 'x'.repeat(1024) })
    expect(text).toMatchObject({ id, kind: 'text', silent: false })
    expect(photo).toMatchObject({ kind: 'photo', text: '', replyTo: id, silent: true })
  })

  test('whose text has marks that cannot be read keeps its picture', async () => {
    hurt(rig.sim, 'sendPhoto', faults.cannotParse())
    delivered(await send({ mention: [{ id: String(LI.id), name: LI.name }] }))
    expect(seen()).toEqual([['photo', `${TEXT}\n${LI.name}`]])
  })
})

describe('what is refused for its picture goes as words', () => {
  test.each([
    ['no right to send photos', faults.noRights('photos')],
    ['IMAGE_PROCESS_FAILED', refuse(400, 'Bad Request: IMAGE_PROCESS_FAILED')],
    ['PHOTO_INVALID_DIMENSIONS', refuse(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS')],
    ['too large for the server', refuse(413, 'Request Entity Too Large')],
    ['a page of a proxy', { kind: 'body', status: 413, contentType: 'text/html', body: '<html>413</html>' }],
    ['an error of the server', faults.internal()],
  ] as const)('%s', async (_why, fault) => {
    hurt(rig.sim, 'sendPhoto', fault)
    delivered(await send())
    expect(seen()).toEqual([['text', `${TEXT}\n${PICTURE.instead}`]])
  })

  test.each([
    ['of more than 10 MB', picture(PICTURE.instead, 10 * 1024 * 1024)],
    ['of more than 10,000 pixels', { ...PICTURE, width: 9_000, height: 1_001 }],
    ['too wide', { ...PICTURE, width: 2_100, height: 100 }],
  ])('without a try: one %s', async (_what, large) => {
    delivered(await send({ picture: large }))
    expect(seen()).toEqual([['text', `${TEXT}\n${PICTURE.instead}`]])
    expect(callsOf(rig.sim, 'sendPhoto')).toEqual([])
  })

  test('a picture that follows a long text', async () => {
    const text = 'y'.repeat(1025)
    hurt(rig.sim, 'sendPhoto', faults.noRights('photos'))
    const id = delivered(await send({ text }))
    expect(seen()).toEqual([
      ['text', text],
      ['text', PICTURE.instead],
    ])
    expect(rig.sim.messages(GROUP)[1]).toMatchObject({ replyTo: id, silent: true })
  })
})

describe('a text is not lost to a picture that does not get through', () => {
  test.each([
    ['hung', faults.hang(), 0],
    ['lost before the work', faults.reset('before'), 0],
    ['lost after the work', faults.reset('after'), 1],
  ] as const)('%s: it may be there, and goes alone when it is sent again', async (_how, fault, photos) => {
    hurt(rig.sim, 'sendPhoto', fault, Number.POSITIVE_INFINITY)
    expect(await send()).toMatchObject({ outcome: 'unknown' })
    delivered(await send())
    expect(seen()).toEqual([
      ...Array.from({ length: photos }, () => ['photo', TEXT]),
      ['text', `${TEXT}\n${PICTURE.instead}`],
    ])
    expect(callsOf(rig.sim, 'sendPhoto')).toHaveLength(1)
  })

  test('a long text is delivered whatever becomes of its picture', async () => {
    hurt(rig.sim, 'sendPhoto', faults.hang())
    delivered(await send({ text: 'y'.repeat(1025) }))
    expect(seen()).toEqual([['text', 'y'.repeat(1025)]])
  })
})

describe('what is wrong with more than the picture', () => {
  test('too many messages: it waits with its picture', async () => {
    hurt(rig.sim, 'sendPhoto', faults.tooMany(3))
    expect(await send()).toMatchObject({ outcome: 'later', wholeChat: true, retryAfter: 3000 })
    delivered(await send())
    expect(seen()).toEqual([['photo', TEXT]])
  })

  test('the chat is gone, or has moved: it is told as of a text', async () => {
    rig.sim.kickBot(GROUP)
    expect(await send()).toMatchObject({ outcome: 'refused', gone: 'chat', code: '403' })
    hurt(rig.sim, 'sendPhoto', faults.migrated(-100_201))
    expect(await send({}, chat, 'k2')).toMatchObject({ outcome: 'refused', movedTo: '-100201' })
    expect(callsOf(rig.sim, 'sendMessage')).toEqual([])
  })

  test('a chat that has no room for a message more gets words with a long text', async () => {
    for (const key of ['k1', 'k2', 'k3']) delivered(await send({ text: 'y'.repeat(1025) }, chat, key))
    expect(rig.sim.messages(GROUP).map(({ kind }) => kind)).toEqual([
      'text',
      'photo',
      'text',
      'photo',
      'text',
    ])
    expect(rig.sim.messages(GROUP).at(-1)?.text).toContain(PICTURE.instead)
  })
})
