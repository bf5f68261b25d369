import { expect, test } from 'vitest'
import { readFrame } from '../../../src/channels/wecom/inputs.ts'

const NOW = 1_790_000_500_000
const common = { msgid: 'm1', aibotid: 'BOT', chatid: 'wrG', chattype: 'group', from: { userid: 'lisi' } }
const message = (body: object) =>
  readFrame({ cmd: 'aibot_msg_callback', headers: { req_id: 'r1' }, body: { ...common, ...body } }, NOW)
const text = (content: string, more: object = {}) => message({ msgtype: 'text', text: { content }, ...more })
const press = (detail: object, more: object = {}) => {
  const event = { eventtype: 'template_card_event', template_card_event: detail }
  const body = { ...common, create_time: 1_790_000_000, msgtype: 'event', event, ...more }
  return readFrame({ cmd: 'aibot_event_callback', headers: { req_id: 'r1' }, body }, NOW)
}
const key = { event_key: 'v1:ack:x', task_id: 'card-1' }

test.for([
  ['@Bot 状态', '状态'],
  ['@Bot\u2005状态', '状态'],
  ['@Bot\u3000状态', '状态'],
  ['  @Bot   Status  3 ', 'Status  3'],
  ['@Bot\n状态', '状态'],
  ['@Bot', ''],
  ['@Bot ', ''],
  ['@Other @Bot 状态', '@Bot 状态'],
  ['状态 @Bot', '状态 @Bot'],
  ['', ''],
] as const)('M2, M5: in a group «%s» says «%s»', ([written, said]) => {
  expect(text(written)).toMatchObject({ kind: 'text', input: { text: said, group: true, chat: 'wrG' } })
})

test('one-to-one an @ is part of what is said', () => {
  const heard = text('@状态', { chattype: 'single', chatid: undefined })
  expect(heard).toMatchObject({ input: { text: '@状态', group: false, chat: 'user:lisi' } })
})

test('a quote carries no id, so nothing is said to be answered', () => {
  const heard = text('@Bot 确认', { quote: { msgtype: 'template_card', text: { content: '过载跳闸' } } })
  expect(heard).toMatchObject({ kind: 'text', input: { text: '确认' } })
  expect(heard.kind === 'text' && heard.input).not.toHaveProperty('replyTo')
})

test('M5: voice comes as text, of mixed messages the words count', () => {
  expect(message({ msgtype: 'voice', voice: { content: '电量' } })).toMatchObject({ input: { text: '电量' } })
  const items = [
    { msgtype: 'text', text: { content: '@Bot 电量' } },
    { msgtype: 'image', image: { url: 'https://x' } },
    { msgtype: 'text', text: { content: '3号' } },
  ]
  expect(message({ msgtype: 'mixed', mixed: { msg_item: items } })).toMatchObject({
    input: { text: '电量 3号' },
  })
})

test.for([
  ['image', { image: { url: 'https://x', aeskey: 'k' } }],
  ['file', { file: { url: 'https://x' } }],
  ['video', {}],
  ['text', {}],
  ['hologram', {}],
] as const)('M5: %s without words is passed over', ([msgtype, body]) => {
  expect(message({ msgtype, ...body })).toEqual({ kind: 'other', what: msgtype })
})

test('the time is that of the platform, or that of arrival', () => {
  expect(press(key)).toMatchObject({ input: { at: 1_790_000_000_000 } })
  expect(press(key, { create_time: undefined })).toMatchObject({ input: { at: NOW } })
  expect(press(key, { create_time: 'soon' })).toMatchObject({ input: { at: NOW } })
})

test('I10: choices may be an object, an array or nonsense: a button says it all', () => {
  const item = { question_key: 'q', option_ids: { option_id: 'a' } }
  for (const selected_items of [{ selected_item: item }, { selected_item: [item] }, null, 'x']) {
    expect(press({ ...key, selected_items })).toMatchObject({ kind: 'press', input: { data: 'v1:ack:x' } })
  }
})

test('I10: without chattype the chatid decides', () => {
  expect(press(key, { chattype: undefined })).toMatchObject({ input: { chat: 'wrG' } })
  expect(press(key, { chattype: undefined, chatid: undefined })).toMatchObject({
    input: { chat: 'user:lisi' },
  })
  expect(press(key, { chatid: undefined })).toEqual({ kind: 'unreadable' })
})

test('I10: without key, card, person or id there is nothing to hand over', () => {
  for (const detail of [{ task_id: 'card-1' }, { event_key: 'k' }, { ...key, event_key: 7 }, {}]) {
    expect(press(detail)).toEqual({ kind: 'unreadable' })
  }
  expect(press(key, { from: {} })).toEqual({ kind: 'unreadable' })
  expect(press(key, { msgid: '' })).toEqual({ kind: 'unreadable' })
})

test('a payload beside the event type, where the SDK’s types have it, is not one', () => {
  const event = { eventtype: 'template_card_event', ...key }
  expect(press({}, { event })).toEqual({ kind: 'unreadable' })
})

test('events that mean nothing to us are passed over, whatever else they lack', () => {
  for (const eventtype of ['enter_chat', 'feedback_event', 'disconnected_event', 'enter_check_update']) {
    const body = { msgtype: 'event', event: { eventtype } }
    expect(readFrame({ headers: { req_id: 'r' }, body }, NOW)).toEqual({ kind: 'other', what: eventtype })
  }
})

test.for([undefined, null, 7, 'x', [], {}, { headers: {} }, { headers: { req_id: 'r' }, body: {} }])(
  '%j is no frame',
  (frame) => {
    expect(readFrame(frame, NOW)).toEqual({ kind: 'unreadable' })
  },
)
