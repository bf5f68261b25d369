import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { telegramFaults as faults } from '../../../src/simulator/telegram/index.ts'
import { sampleCards } from '../../support/cards.ts'
import { until } from '../../support/until.ts'
import { createRig, delivered, FORUM, GROUP, hurt, LI, type Rig, WANG } from './rig.ts'

const CARD = sampleCards('zh-CN').open!
const ACK = CARD.buttons[0]!.data
const MINUTE = 60_000
const STRANGER = 99
let rig: Rig
let card: number

beforeEach(async () => {
  rig = await createRig({ timing: { hold: 1000, firstPause: 20, longestPause: 80 } }, { sameOffsetDelay: 0 })
  rig.sim.addUser({ id: STRANGER, name: 'Stranger' })
  card = delivered(await rig.channel.send(String(GROUP), { card: CARD }, 'k1'))
  await rig.start()
})
afterEach(() => rig.close())

const say = (text: string) => rig.sim.say(LI.id, LI.id, text)
const press = (user = LI.id, options = {}) => rig.sim.press(GROUP, card, user, { data: ACK }, options)
const confirmed = () => until(() => rig.sim.pending() === 0, 'confirmation')
const arrived = (count: number) => until(() => rig.inputs.length >= count, `${count} inputs`)
const texts = () => rig.inputs.map((input) => (input.kind === 'text' ? input.text : input.kind))
const ids = () => new Set(rig.inputs.map(({ id }) => id))
const message = (text: string) => ({
  message: {
    message_id: 900,
    date: 1,
    chat: { id: LI.id, type: 'private' },
    from: { id: LI.id, first_name: 'Li' },
    text,
  },
})

/** What Telegram may do with updates: the row, and what must come of it. */
const UPDATES: Record<string, () => Promise<void>> = {
  async 'delivered twice'() {
    say('1')
    await confirmed()
    rig.sim.redeliver(1)
    await arrived(2)
    expect(ids().size).toBe(1)
  },
  async 'a whole batch again after the offset was lost'() {
    for (const text of ['1', '2', '3']) say(text)
    await confirmed()
    rig.sim.redeliver(3)
    await arrived(6)
    await confirmed()
    expect(ids().size).toBe(3)
  },
  async 'out of order'() {
    rig.sim.deliver({ update_id: 700, ...message('later') })
    await confirmed()
    rig.sim.deliver({ update_id: 699, ...message('sooner') })
    await confirmed()
    expect(texts()).toEqual(['later', 'sooner'])
  },
  async 'a gap in the ids'() {
    say('1')
    rig.sim.restartUpdateIds(900_000_000)
    say('2')
    await confirmed()
    expect(texts()).toEqual(['1', '2'])
  },
  async 'ids that begin anew, lower'() {
    say('1')
    await confirmed()
    rig.sim.restartUpdateIds(7)
    say('2')
    await confirmed()
    expect(texts()).toEqual(['1', '2'])
  },
  async 'a burst of 100'() {
    const all = Array.from({ length: 100 }, (_, n) => `n${n}`)
    for (const text of all) say(text)
    await confirmed()
    expect(texts()).toEqual(all)
  },
  async 'a kind that nobody knows'() {
    rig.sim.deliver({ managed_bot: { of: 'the future' } })
    say('1')
    await confirmed()
    expect(texts()).toEqual(['1'])
  },
  async 'fields that nobody knows'() {
    const known = message('1')
    rig.sim.deliver({ ...known, more: [null], message: { ...known.message, sender_tag: { a: 1 } } })
    await confirmed()
    expect(texts()).toEqual(['1'])
  },
  async 'a huge text'() {
    say('字'.repeat(4096))
    await confirmed()
    expect(texts()[0]).toHaveLength(4096)
  },
  async 'half a character'() {
    rig.sim.deliver(message('A\ud800B'))
    say('1')
    await confirmed()
    expect(texts()).toEqual(['A\ud800B', '1'])
  },
  async 'the bot is thrown out and let in again'() {
    rig.sim.kickBot(GROUP)
    await until(() => rig.lines.some((line) => /^warn.*standing.*kicked/.test(line)), 'the warning')
    rig.sim.setMember(GROUP, 900, 'member')
    await until(() => rig.lines.some((line) => /^info.*standing.*member/.test(line)), 'the all-clear')
    expect(rig.inputs).toEqual([])
  },
  async 'a topic that was closed'() {
    rig.sim.setTopic(FORUM, 12, 'closed')
    delivered(await rig.channel.send(`${FORUM}/12`, { card: CARD }, 'k2'))
    expect(rig.sim.messages(FORUM).map(({ thread }) => thread)).toEqual([undefined])
  },
}

/** What may be odd about a press. */
const PRESSES: Record<string, () => Promise<void>> = {
  async 'too old to be answered'() {
    rig.engine.receive = () => {
      rig.sim.clock.advance(20_000)
      return { answer: Promise.resolve({ toast: 'x' }) }
    }
    expect(await press().answered).toBeUndefined()
    await confirmed()
    expect(rig.inputs).toHaveLength(1)
    expect(rig.lines.filter((line) => line.startsWith('warn'))).toEqual([])
  },
  async 'delivered twice, so that the second answer is refused'() {
    await press().answered
    await confirmed()
    rig.sim.redeliver(1)
    await arrived(2)
    await confirmed()
    expect(ids().size).toBe(1)
    expect(rig.lines.filter((line) => line.startsWith('warn'))).toEqual([])
  },
  async 'an answer that Telegram fails to take'() {
    hurt(rig.sim, 'answerCallbackQuery', faults.badGateway())
    press()
    await confirmed()
    await until(() => rig.lines.some((line) => line.includes('could not be answered')), 'the warning')
    expect(rig.inputs).toHaveLength(1)
  },
  async 'on a card that Telegram shows us no more'() {
    press(LI.id, { inaccessible: true })
    await arrived(1)
    expect(rig.inputs[0]).toMatchObject({ message: String(card), data: ACK })
  },
  async 'on a card that was deleted'() {
    rig.sim.deleteMessage(GROUP, card)
    press()
    await arrived(1)
    expect(rig.inputs[0]).toMatchObject({ message: String(card), chat: String(GROUP) })
  },
  async 'by somebody who is not in the chat'() {
    press(STRANGER)
    await arrived(1)
    expect(rig.inputs[0]).toMatchObject({ sender: { id: String(STRANGER) } })
  },
  async 'by two at once'() {
    const both = [press(LI.id), press(WANG.id)]
    await Promise.all(both.map(({ answered }) => answered))
    expect(ids().size).toBe(2)
  },
  async 'while we were away, for less than 150 s'() {
    await rig.channel.stop()
    press()
    rig.sim.clock.advance(2 * MINUTE)
    await rig.restart()
    await arrived(1)
    expect(rig.inputs[0]).toMatchObject({ kind: 'press', data: ACK })
  },
  async 'while we were away, for longer: it is lost, a line is not'() {
    await rig.channel.stop()
    press()
    say('/ack')
    rig.sim.clock.advance(3 * MINUTE)
    await rig.restart()
    await confirmed()
    expect(texts()).toEqual(['ack'])
  },
}

describe('updates', () => {
  test.each(Object.keys(UPDATES))('%s', async (row) => {
    await UPDATES[row]!()
    expect(rig.channel.health().state).toBe('ready')
  })
})

describe('a press', () => {
  test.each(Object.keys(PRESSES))('%s', (row) => PRESSES[row]!())
})
