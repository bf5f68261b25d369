/** The page's own words. What stands in the chats comes from the service, in the language of the room. */
const LABELS = {
  'zh-CN': {
    playground: '演练场',
    who: '我是',
    other: 'English',
    breakers: '断路器',
    calls: '发往云端的签名调用',
    pushes: '云端的推送',
    polls: '另有 {count} 次定时查询',
    readings: '另有 {count} 条定时读数',
    'role.operator': '操作',
    'role.admin': '管理员',
    'role.viewer': '查看',
    'role.stranger': '不在名单上',
    telegram: 'Telegram',
    dingtalk: '钉钉',
    wecom: '企业微信',
    online: '在线',
    offline: '离线',
    jammed: '卡住',
    'position.open': '分闸',
    'position.closed': '合闸',
    tripped: '跳闸（{cause}）',
    cause: '跳闸原因',
    trip: '跳闸',
    open: '手动分闸',
    close: '手动合闸',
    'go-offline': '断网',
    'go-online': '恢复联网',
    jam: '卡住（收令不动）',
    unjam: '不再卡住',
    line: '在{chat}里输入',
    hint: '例如：状态',
    send: '发送',
    messages: '{chat}的消息',
    edited: '已编辑',
    picture: '图片',
    unanswered: '机器人没有应答',
    unreachable: '演示已停止，或无法连接',
    acted: '已动作',
    overload: '过载',
    'short-circuit': '短路',
    leakage: '漏电',
    'over-temperature': '过温',
    'over-voltage': '过压',
    'under-voltage': '欠压',
    'phase-loss': '缺相',
    unknown: '原因不明',
  },
  en: {
    playground: 'playground',
    who: 'I am',
    other: '中文',
    breakers: 'Breakers',
    calls: 'Signed calls to the cloud',
    pushes: 'Pushes from the cloud',
    polls: 'and {count} regular queries',
    readings: 'and {count} regular readings',
    'role.operator': 'operator',
    'role.admin': 'admin',
    'role.viewer': 'viewer',
    'role.stranger': 'not listed',
    telegram: 'Telegram',
    dingtalk: 'DingTalk',
    wecom: 'WeCom',
    online: 'online',
    offline: 'offline',
    jammed: 'jammed',
    'position.open': 'open',
    'position.closed': 'closed',
    tripped: 'tripped ({cause})',
    cause: 'Cause of the trip',
    trip: 'Trip',
    open: 'Open by hand',
    close: 'Close by hand',
    'go-offline': 'Take offline',
    'go-online': 'Bring online',
    jam: 'Jam (takes orders, does nothing)',
    unjam: 'Unjam',
    line: 'Write in {chat}',
    hint: 'for example: status',
    send: 'Send',
    messages: 'Messages in {chat}',
    edited: 'edited',
    picture: 'Picture',
    unanswered: 'The bot did not answer',
    unreachable: 'The demo has ended or cannot be reached',
    acted: 'acted',
    overload: 'overload',
    'short-circuit': 'short circuit',
    leakage: 'leakage',
    'over-temperature': 'over-temperature',
    'over-voltage': 'over-voltage',
    'under-voltage': 'under-voltage',
    'phase-loss': 'phase loss',
    unknown: 'no cause given',
  },
}

export const CAUSES = [
  'overload',
  'short-circuit',
  'leakage',
  'over-temperature',
  'over-voltage',
  'under-voltage',
  'phase-loss',
  'unknown',
]

let language = 'zh-CN'

export const currentLanguage = () => language

export function switchLanguage() {
  language = language === 'en' ? 'zh-CN' : 'en'
  document.documentElement.lang = language
  translate(document)
}

export function label(key, values = {}) {
  const text = LABELS[language][key] ?? key
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name])
}

/** Fills in what is marked in the page or in a copied template. */
export function translate(root) {
  for (const one of root.querySelectorAll('[data-label]')) one.textContent = label(one.dataset.label)
  for (const one of root.querySelectorAll('[data-aria]')) one.ariaLabel = label(one.dataset.aria, one.dataset)
  for (const one of root.querySelectorAll('[data-hint]')) one.placeholder = label(one.dataset.hint)
}
