import { describe, expect, test } from 'vitest'
import { readMembership, readMessage, readPress } from '../../../src/channels/telegram/inputs.ts'

const bot = { id: 900, username: 'breaker_bot' }
const group = { id: -100200, type: 'supergroup', title: 'Night shift' }
const li = { id: 52, is_bot: false, first_name: '李', last_name: '工' }

function message(more: object) {
  return { message_id: 7, date: 1_767_225_600, chat: group, from: li, ...more }
}

describe('a message', () => {
  test('becomes a text with a stable id', () => {
    expect(readMessage(message({ text: '/reclose@Breaker_Bot 3号' }), bot)).toEqual({
      kind: 'text',
      id: '-100200:7',
      chat: '-100200',
      group: true,
      sender: { id: '52', name: '李 工' },
      text: 'reclose 3号',
      at: 1_767_225_600_000,
    })
  })

  const texts: [written: string, text: string, addressed?: false][] = [
    ['/ack', 'ack'],
    ['／确认 3号', '确认 3号'],
    ['/合闸@breaker_bot 3号', '合闸 3号'],
    ['@breaker_bot 状态', '状态'],
    ['3号 @breaker_bot 合闸', '3号 合闸'],
    ['@BREAKER_BOT合闸', '合闸'],
    ['@breaker_bot2 合闸', '@breaker_bot2 合闸', false],
    ['status', 'status', false],
    ['  status ', 'status', false],
    ['/start a1-B2_c', 'start a1-B2_c'],
  ]
  test.each(texts)('%s', (written, text, addressed) => {
    const input = readMessage(message({ text: written }), bot)
    expect(input).toMatchObject({ text })
    expect(input && 'addressed' in input ? input.addressed : undefined).toBe(addressed)
  })

  test('in a private chat needs no address', () => {
    const input = readMessage(message({ text: 'status', chat: { id: 52, type: 'private' } }), bot)
    expect(input).toMatchObject({ group: false, chat: '52' })
    expect(input).not.toHaveProperty('addressed')
  })

  test('names what it answers only where that is ours, and is meant for us then', () => {
    const answering = (id: number) =>
      message({ text: 'ack', reply_to_message: { message_id: 5, from: { id } } })
    const toUs = readMessage(answering(bot.id), bot)
    expect(toUs).toMatchObject({ replyTo: '5' })
    expect(toUs).not.toHaveProperty('addressed')
    const toAnother = readMessage(answering(53), bot)
    expect(toAnother).not.toHaveProperty('replyTo')
    expect(toAnother).toMatchObject({ addressed: false })
  })

  test('in a topic belongs to the topic, a mere thread of answers does not', () => {
    const inTopic = message({ text: 'ack', message_thread_id: 12, is_topic_message: true })
    expect(readMessage(inTopic, bot)).toMatchObject({ chat: '-100200/12', id: '-100200:7' })
    expect(readMessage(message({ text: 'ack', message_thread_id: 12 }), bot)).toMatchObject({
      chat: '-100200',
    })
  })

  const anonymous: [string, object][] = [
    [
      'an anonymous admin',
      { from: { id: 1087968824, is_bot: true, first_name: 'Group' }, sender_chat: group },
    ],
    [
      'somebody who posts as a channel',
      { from: { id: 136817688, is_bot: true }, sender_chat: { id: -100900 } },
    ],
    ['a channel post', { from: undefined, sender_chat: { id: -100900, type: 'channel' } }],
  ]
  test.each(anonymous)('%s is nobody who may act', (_, sender) => {
    const input = readMessage(message({ text: '/ack', ...sender }), bot)
    expect(input).toMatchObject({ sender: { anonymous: true } })
    expect(JSON.stringify(input)).not.toMatch(/1087968824|136817688/)
  })

  const ignored: [string, unknown][] = [
    ['a command to another bot', message({ text: '/ack@other_bot' })],
    ['another bot', message({ text: '/ack', from: { id: 901, is_bot: true } })],
    [
      'a forward from the linked channel',
      message({ text: 'x', sender_chat: { id: -1 }, is_automatic_forward: true }),
    ],
    ['a picture', message({ photo: [] })],
    ['nobody', message({ text: '/ack', from: undefined })],
    ['an unknown form', { message_id: 'seven' }],
    ['nothing', undefined],
  ]
  test.each(ignored)('%s is passed over', (_, update) => {
    expect(readMessage(update, bot)).toBeUndefined()
  })

  test('both service messages of a migration say the same', () => {
    const old = readMessage(message({ chat: { id: -55, type: 'group' }, migrate_to_chat_id: -100200 }), bot)
    const fresh = readMessage(message({ migrate_from_chat_id: -55 }), bot)
    expect(old).toMatchObject({ kind: 'moved', id: 'moved:-55:-100200', chat: '-55', to: '-100200' })
    expect(fresh).toEqual(old)
  })
})

describe('a press', () => {
  const query = {
    id: '4711',
    from: li,
    data: 'v1:ack:x',
    chat_instance: '1',
    message: { message_id: 7, chat: group, date: 0 },
  }

  test('on a card that Telegram no longer shows us still tells where', () => {
    expect(readPress(query, 5000)).toEqual({
      kind: 'press',
      id: 'cb:4711',
      chat: '-100200',
      sender: { id: '52', name: '李 工' },
      data: 'v1:ack:x',
      message: '7',
      at: 5000,
    })
  })

  test('in a topic, and on an ephemeral message', () => {
    const inTopic = { ...query.message, message_thread_id: 12, is_topic_message: true }
    expect(readPress({ ...query, message: inTopic }, 0)).toMatchObject({ chat: '-100200/12' })
    const ephemeral = readPress({ ...query, message: { ...query.message, message_id: 0 } }, 0)
    expect(ephemeral).not.toHaveProperty('message')
  })

  test.each([
    ['without a chat', { ...query, message: undefined }],
    ['without data', { ...query, data: undefined }],
    ['by a bot', { ...query, from: { id: 1, is_bot: true } }],
    ['of an unknown form', { id: 4711 }],
  ])('%s is passed over', (_, update) => {
    expect(readPress(update, 0)).toBeUndefined()
  })
})

test('a change of membership', () => {
  const update = { chat: group, new_chat_member: { status: 'kicked', user: bot } }
  expect(readMembership(update)).toEqual({ chat: '-100200', title: 'Night shift', status: 'kicked' })
  expect(readMembership({})).toBeUndefined()
})
