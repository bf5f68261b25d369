/** What far ends are known to send, or are thought to: the seeds that the mutations grow from. */

/** 2026-01-01, s and ms. */
const S = 1_767_225_600
export const NOW = S * 1000

export const PUSHES: readonly unknown[] = [
  {
    type: 'event',
    device: 820720,
    mid: 'a1b2c3d4',
    ts: NOW,
    data: {
      name: 'trip',
      state: { power: '0', fault: 'overload', voltage: '228.4', current: '63.1', active_power: '14400' },
    },
  },
  {
    type: 'state',
    device: 820720,
    ts: NOW,
    data: { power: '1', voltage: '229.8', current: '12.4', energy: '1532.81' },
  },
  { type: 'order', device: 820720, ts: NOW, data: { power: '1', extra: 'R7K2M9' } },
  { type: 'order', device: '820720', ts: S, data: { query: 'total', extra: 'queryabc', energy: 12.5 } },
  { type: 'state', device: 820720, data: { query: { total: '1532.8', energy_total: 4 } } },
  { type: 'offline', device: 820720, ts: NOW },
  { type: 'online', device: 820720, ts: NOW, data: { state: { power: '1' } } },
  { message: 'device_event', data: '{"device":{"id":820720},"name":"btn1","alarm":{"leakage":1,"other":0}}' },
  {
    list: [
      { device_id: '820720', power1: true, power2: 0 },
      { id: 820721, state: '{"power":1}' },
    ],
    type: 'state',
  },
  [{ device: 820720, type: 'event', data: { name: '过载跳闸', error: '短路', reason: 'timeout' } }],
]

export const CLOUD_ANSWERS: readonly unknown[] = [
  {
    code: 200,
    msg: 'ok',
    data: [{ id: 820720, name: '3号增氧机', network: { online: 1 }, state: { power: '1' } }],
  },
  { code: '200', data: { id: 820720, online: '在线', state: '{"power":1,"voltage":229}' } },
  { code: 5003, msg: 'sign error ?sign=0123456789abcdef0123456789abcdef&ts=1', data: null },
  { code: 500, msg: 'busy' },
  { code: 200, data: { list: [{ device: '820720', state: { power1: 0 } }], total: 1 } },
]

const user = { id: 101, is_bot: false, first_name: '甲', last_name: '李', username: 'jia' }
const group = { id: -1001234567890, type: 'supergroup', title: '夜班' }
const message = { message_id: 7, date: S, chat: group, from: user, text: '/状态@breaker_bot 3号增氧机' }

export const UPDATES: readonly unknown[] = [
  { update_id: 1, message },
  {
    update_id: 2,
    message: {
      ...message,
      text: '合闸',
      reply_to_message: { message_id: 6, from: { id: 1, is_bot: true } },
      message_thread_id: 4,
      is_topic_message: true,
    },
  },
  {
    update_id: 3,
    callback_query: { id: '77', from: user, chat_instance: '1', message, data: 'x'.repeat(40) },
  },
  {
    update_id: 4,
    my_chat_member: { chat: group, from: user, date: S, new_chat_member: { status: 'kicked' } },
  },
  { update_id: 5, message: { ...message, migrate_to_chat_id: -1009 } },
  { update_id: 6, message: { ...message, sender_chat: group, text: '@breaker_bot 电量 昨天' } },
  { update_id: 7, edited_message: message },
  { update_id: 8, inline_query: { id: '1', from: user, query: '', offset: '' } },
]

const ding = {
  msgId: 'msg1',
  msgtype: 'text',
  conversationId: 'cidXXXX==',
  conversationType: '2',
  senderId: '$:LWCP_v1:$x',
  senderStaffId: 'manager123',
  senderNick: '甲',
  sessionWebhook: 'https://oapi.dingtalk.com/robot/sendBySession?session=abc',
  sessionWebhookExpiredTime: NOW + 3_600_000,
  createAt: NOW,
  text: { content: ' 状态 ' },
}
const press = {
  outTrackId: 'inc-1',
  userId: 'manager123',
  userIdType: 1,
  spaceId: 'dtv1.card//im_group.cidXXXX==',
  spaceType: 'IM_GROUP',
  content: JSON.stringify({ cardPrivateData: { actionIds: ['abc'], params: { data: 'abc' } } }),
}

/** What lies in a frame's `data`, JSON once more. */
export const DING_MESSAGES: readonly unknown[] = [
  ding,
  {
    ...ding,
    msgtype: 'richText',
    text: undefined,
    content: { richText: [{ text: '状态' }, { pictureDownloadCode: 'x' }] },
  },
  { ...ding, conversationType: 1, senderStaffId: undefined },
  { errCode: 20001, errMsg: 'quota' },
]
export const DING_PRESSES: readonly unknown[] = [
  press,
  { ...press, content: { cardPrivateData: { actionIds: ['x'], params: {} } }, spaceType: 'IM_ROBOT' },
]
const headers = {
  messageId: 'm1',
  topic: '/v1.0/im/bot/messages/get',
  time: String(NOW),
  contentType: 'application/json',
}
export const DING_FRAMES: readonly unknown[] = [
  { specVersion: '1.0', type: 'CALLBACK', headers, data: JSON.stringify(ding) },
  {
    type: 'CALLBACK',
    headers: { ...headers, topic: '/v1.0/card/instances/callback' },
    data: JSON.stringify(press),
  },
  { type: 'SYSTEM', headers: { ...headers, topic: 'ping' }, data: '{"opaque":"x"}' },
]

const wecom = {
  msgid: 'w1',
  aibotid: 'aib1',
  chatid: 'wrXXXX',
  chattype: 'group',
  from: { userid: 'dianGongJia' },
  create_time: S,
  response_url: 'https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=abc',
}
export const WECOM_FRAMES: readonly unknown[] = [
  {
    cmd: 'aibot_msg_callback',
    headers: { req_id: 'r1' },
    body: { ...wecom, msgtype: 'text', text: { content: '@机器人 状态' } },
  },
  {
    cmd: 'aibot_msg_callback',
    headers: { req_id: 'r2' },
    body: {
      ...wecom,
      msgtype: 'mixed',
      mixed: { msg_item: [{ msgtype: 'text', text: { content: '状态' } }, { msgtype: 'image' }] },
    },
  },
  {
    cmd: 'aibot_msg_callback',
    headers: { req_id: 'r3' },
    body: { ...wecom, msgtype: 'voice', voice: { content: '列表' } },
  },
  {
    cmd: 'aibot_event_callback',
    headers: { req_id: 'r4' },
    body: {
      ...wecom,
      msgtype: 'event',
      event: {
        eventtype: 'template_card_event',
        template_card_event: { event_key: 'abc', task_id: 'inc-1' },
      },
    },
  },
  {
    headers: { req_id: 'r5' },
    body: { ...wecom, chattype: 'single', msgtype: 'event', event: { eventtype: 'enter_chat' } },
  },
]

/** What the platforms answer to calls. */
export const REFUSALS: readonly unknown[] = [
  { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 5 } },
  {
    ok: false,
    error_code: 400,
    description: 'group chat was upgraded',
    parameters: { migrate_to_chat_id: -100 },
  },
  {
    code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    message: 'no',
    accessdenieddetail: { requiredScopes: ['a'] },
  },
  { errcode: 130101, errmsg: 'send too fast' },
  { errcode: '310000', errmsg: '不在群' },
  { code: 'param.cardNotExist', message: 'gone', status: 1111 },
  {
    code: 'isv.BUSINESS_LIMIT_CONTROL',
    data: { Message: '触发天级流控' },
    entry: { response: { statusCode: 400 } },
  },
  { Code: 'OK', CallId: '1^2' },
  { message: 'Invalid login: 535 no', responseCode: 535, response: '535 no', code: 'EAUTH' },
]

/** What people type. */
export const LINES: readonly string[] = [
  '状态 3号增氧机',
  '/合闸 820720',
  '确认合闸',
  '挂牌 3号增氧机 检修水泵',
  '电量 增氧 上周',
  '电量 2026-01',
  '电量 排名 本月',
  'energy pump yesterday',
  '导出 3号增氧机 2025-12-31',
  '静音 3号增氧机 7 天',
  '维护 一号鱼塘 今晚 20:00-22:00',
  '免打扰 22:00-06:00',
  'quiet 22:00-06:00',
  '代班 甲 到 明天 8:00',
  'cover until tomorrow 08:00',
  '历史 3号增氧机 昨天',
  'history last 24 h',
  '全关 增氧',
  '告警计划 3号增氧机',
  '日报 昨天',
  'report month 2026-01',
  '转交 3号增氧机 给 乙',
  'handover pump to 乙',
  '绑定 ABCD-2345-WXYZ',
  '解绑 甲',
  '停控',
  'control off',
  '帮助',
]
