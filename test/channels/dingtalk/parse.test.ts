import { expect, test } from 'vitest'
import { parseFrame, parsePress, parseRobotMessage } from '../../../src/channels/dingtalk/parse.ts'

const message = {
  conversationId: 'cid1==',
  conversationType: '2',
  msgId: 'msg1==',
  senderNick: '张三',
  senderStaffId: 'manager123',
  senderId: '$:LWCP_v1:$x',
  sessionWebhook: 'https://oapi.dingtalk.com/robot/sendBySession?session=s',
  sessionWebhookExpiredTime: 1_690_005_400_000,
  createAt: 1_690_000_000_000,
  msgtype: 'text',
  text: { content: ' 确认 A12 ' },
}
const understood = (change: object) => parseRobotMessage(JSON.stringify({ ...message, ...change }), 5)
const inputOf = (change: object) => {
  const parsed = understood(change)
  return parsed.kind === 'text' ? parsed.input : parsed
}

test('a message in a group', () => {
  expect(understood({})).toEqual({
    kind: 'text',
    input: {
      kind: 'text',
      id: 'msg1==',
      chat: 'cid1==',
      group: true,
      sender: { id: 'manager123', name: '张三' },
      text: '确认 A12',
      at: 1_690_000_000_000,
    },
    session: { url: message.sessionWebhook, until: 1_690_005_400_000 },
  })
})

test.for<[string, object, object]>([
  ['one-to-one', { conversationType: '1' }, { chat: 'user:manager123', group: false }],
  ['one-to-one, number', { conversationType: 1 }, { chat: 'user:manager123', group: false }],
  ['from outside', { senderStaffId: '' }, { sender: { id: '$:LWCP_v1:$x', name: '张三', anonymous: true } }],
  [
    'outside, one-to-one',
    { senderStaffId: undefined, conversationType: '1' },
    { chat: 'cid1==', group: false },
  ],
  ['no name', { senderNick: null }, { sender: { id: 'manager123' } }],
  ['no time', { createAt: 'soon' }, { at: 5 }],
  [
    'rich text',
    {
      msgtype: 'richText',
      text: undefined,
      content: { richText: [{ text: ' 合' }, { type: 'picture' }, { text: '闸' }] },
    },
    { text: '合闸' },
  ],
  ['picture', { msgtype: 'picture', text: undefined, content: {} }, { kind: 'other', what: 'picture' }],
  ['no id', { msgId: undefined }, { kind: 'other', what: 'unreadable' }],
  ['quota', { text: undefined, errCode: '20001' }, { kind: 'quota' }],
  ['quota, other spelling', { text: undefined, errorCode: 20001 }, { kind: 'quota' }],
])('message: %s', ([, change, expected]) => {
  expect(inputOf(change)).toMatchObject(expected)
})

test('a session without its end is not used', () => {
  expect(understood({ sessionWebhookExpiredTime: undefined })).not.toHaveProperty('session')
})

test.for(['', 'x', '7', 'null', '[]', '{}', '"x"'])('anything else is passed over: %s', (data) => {
  expect(parseRobotMessage(data, 0).kind).toBe('other')
  expect(parsePress(data, 0)).toBeUndefined()
  expect(parseFrame(data)).toBeUndefined()
})

const params = { id: 'ack', data: 'v1:ack:inc7' }
const content = (part: object) => ({ cardPrivateData: part })
const press = {
  outTrackId: 'alm_1',
  userId: 'manager123',
  userIdType: 1,
  spaceId: 'cid1==',
  spaceType: 'IM_GROUP',
  content: JSON.stringify(content({ actionIds: ['v1:ack:inc7'], params })),
}

test('a press', () => {
  expect(parsePress(JSON.stringify(press), 9)).toEqual({
    kind: 'press',
    chat: 'cid1==',
    sender: { id: 'manager123' },
    data: 'v1:ack:inc7',
    message: 'alm_1',
    at: 9,
  })
})

test.for<[string, object, object]>([
  ['content as an object', { content: content({ params }) }, { data: 'v1:ack:inc7' }],
  ['only actionIds', { content: content({ actionIds: ['v1:ack:inc7'] }) }, { data: 'v1:ack:inc7' }],
  ['only params.id', { content: content({ params: { id: 'ack' } }) }, { data: 'ack' }],
  ['only params.action', { content: content({ params: { action: 'ack' } }) }, { data: 'ack' }],
  ['odd params', { content: content({ actionIds: ['a'], params: [1] }) }, { data: 'a' }],
  ['no space', { spaceId: undefined }, { chat: '' }],
  ['full space id', { spaceId: 'dtv1.card//IM_GROUP.cid1==' }, { chat: 'cid1==' }],
  ['one-to-one', { spaceType: 'IM_ROBOT', spaceId: 'manager123' }, { chat: 'user:manager123' }],
  ['union id', { userIdType: 2 }, { sender: { id: 'manager123', anonymous: true } }],
  ['from outside', { userId: '$:LWCP_v1:$y' }, { sender: { anonymous: true } }],
  ['nobody', { userId: undefined }, { sender: { id: '', anonymous: true } }],
])('press: %s', ([, change, expected]) => {
  expect(parsePress(JSON.stringify({ ...press, ...change }), 0)).toMatchObject(expected)
})

test.for([{ content: '{' }, { content: content({}) }, { outTrackId: '' }])(
  'unreadable press %o',
  (change) => {
    expect(parsePress(JSON.stringify({ ...press, ...change }), 0)).toBeUndefined()
  },
)
