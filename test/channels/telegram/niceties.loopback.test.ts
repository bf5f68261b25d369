import { afterEach, describe, expect, test } from 'vitest'
import type { CardText } from '../../../src/domain/card-text.ts'
import type { TelegramSimOptions } from '../../../src/simulator/telegram/api.ts'
import { sampleCards } from '../../support/cards.ts'
import { callsOf, createRig, delivered, FORUM, GROUP, LI, type Rig, WANG } from './rig.ts'

const AT = Date.UTC(2026, 0, 1, 0, 0, 21)
const chat = String(GROUP)
const base = sampleCards('en').acknowledged!
const CARD: CardText = {
  ...base,
  subtitleMoment: { at: AT, form: 'time', text: '08:00:21' },
  rows: [
    ...base.rows,
    {
      label: 'Time',
      value: '2026-01-01 08:00:21',
      moment: { at: AT, form: 'date-time', text: '2026-01-01 08:00:21' },
    },
  ],
}

let rig: Rig
afterEach(() => rig.close())
const open = async (options: TelegramSimOptions = {}) => {
  rig = await createRig({}, options)
}
const seen = (where = GROUP) => rig.sim.messages(where).at(-1)!
const entity = (type: string) => seen().entities.filter((it) => it.type === type)
const textOf = ({ offset, length }: { offset: number; length: number }) =>
  seen().text.slice(offset, offset + length)

describe('moments', () => {
  test("are shown in each reader's own time, and stand in the text for old clients", async () => {
    await open()
    const message = String(delivered(await rig.channel.send(chat, { card: CARD }, 'k')))
    expect(entity('date_time').map((it) => [textOf(it), it.unix_time, it.date_time_format])).toEqual([
      ['08:00:21', AT / 1000, 'T'],
      ['2026-01-01 08:00:21', AT / 1000, 'wDT'],
    ])
    expect(entity('italic').map(textOf)).toEqual([base.subtitle])
    delivered(await rig.channel.update(chat, message, { ...CARD, title: 'Changed' }))
    expect(entity('date_time')).toHaveLength(2)
  })

  test('a server that does not know them gets the rest of the formatting, and is not asked again', async () => {
    await open({ level: 9.4 })
    const message = String(delivered(await rig.channel.send(chat, { card: CARD }, 'k')))
    expect(seen().text).toContain(base.subtitle)
    expect(entity('bold').length).toBeGreaterThan(3)
    expect(entity('date_time')).toEqual([])
    delivered(await rig.channel.update(chat, message, { ...CARD, title: 'Changed' }))
    delivered(await rig.channel.send(chat, { card: CARD }, 'k2'))
    expect(callsOf(rig.sim, 'sendMessage')).toHaveLength(3)
    expect(callsOf(rig.sim, 'editMessageText')).toHaveLength(1)
    expect(rig.lines.filter((line) => line.includes('local times'))).toHaveLength(1)
  })
})

describe('a text about a card', () => {
  test('is a reply to it', async () => {
    await open()
    const replyTo = String(delivered(await rig.channel.send(chat, { card: CARD }, 'k')))
    delivered(await rig.channel.send(chat, { text: 'Closed.', replyTo }, 'k2'))
    expect(seen()).toMatchObject({ text: 'Closed.', replyTo: Number(replyTo) })
  })

  test.each(['4711', 'card-1', ''])('comes all the same if the card «%s» is gone', async (replyTo) => {
    await open()
    delivered(await rig.channel.send(chat, { text: 'Closed.', replyTo }, 'k'))
    expect(seen().text).toBe('Closed.')
    expect(seen()).not.toHaveProperty('replyTo')
  })

  test('is a reply within its topic', async () => {
    await open()
    const replyTo = String(delivered(await rig.channel.send(`${FORUM}/12`, { card: CARD }, 'k')))
    delivered(await rig.channel.send(`${FORUM}/12`, { text: 'Closed.', replyTo }, 'k2'))
    expect(seen(FORUM)).toMatchObject({ thread: 12, replyTo: Number(replyTo) })
  })
})

describe('those who are called on', () => {
  const mention = [
    { id: String(LI.id), name: '李<工>' },
    { id: String(WANG.id), name: 'Wang' },
  ]

  test.each<[string, { card: CardText } | { text: string }]>([
    ['a card', { card: CARD }],
    ['a text', { text: '<b>Nobody</b> has answered.' }],
  ])('stand in a line of their own at the end of %s', async (_, content) => {
    await open()
    delivered(await rig.channel.send(chat, { ...content, mention }, 'k'))
    expect(seen().text.split('\n').at(-1)).toBe('李<工> Wang')
    expect(entity('text_mention').map((it) => [textOf(it), it.user?.id])).toEqual([
      ['李<工>', LI.id],
      ['Wang', WANG.id],
    ])
    if ('text' in content) expect(seen().text).toContain('<b>Nobody</b>')
  })

  test('are named where Telegram does not know them, and no message is lost for it', async () => {
    await open()
    const strangers = [
      { id: 'zhangsan', name: 'Zhang' },
      { id: '99', name: '' },
    ]
    delivered(await rig.channel.send(chat, { text: 'x', mention: strangers }, 'k'))
    expect(seen().text).toBe('x\nZhang 99')
    expect(entity('text_mention')).toEqual([])
    expect(rig.channel.abilities.mention).toBe(true)
  })
})
