import { faultText } from '../../src/config/fault-text.ts'
import { parseConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'

export const ENV = {
  THINGBOOT_APP_SECRET: 'app-secret',
  THINGBOOT_PUSH_TOKEN: 'push-token',
  TELEGRAM_TOKEN: '1:token',
}

/** The example of the public face, as it stands there. */
export const CONTRACT = `locale: zh-CN                       # zh-CN | en; a room may have its own
timezone: Asia/Shanghai
server:
  host: 0.0.0.0
  port: 8080
store: sqlite:./data/breakerbot.db  # or redis://…
thingboot:
  appId: "demoapp"
  appSecret: \${THINGBOOT_APP_SECRET}
  baseUrl: https://api.thingboot.com
  pushToken: \${THINGBOOT_PUSH_TOKEN}   # pushes come to POST /api/device/callback/<pushToken>
  reconcileEvery: 60s                  # 0s = off
  mqtt: { url: "mqtt://mapi.thingboot.com:1883", clientId: "…" }   # instead of HTTP pushes
channels:
  telegram: { token: \${TELEGRAM_TOKEN}, apiRoot: https://api.telegram.org, mode: polling, proxy: null }   # mode: polling | webhook
  dingtalk: { clientId: …, clientSecret: …, apiBase: https://api.dingtalk.com, oapiBase: https://oapi.dingtalk.com }
  wecom:    { botId: …, secret: …, wsUrl: wss://openws.work.weixin.qq.com, groupRobot: { key: …, baseUrl: https://qyapi.weixin.qq.com } }
rooms:
  - name: night-shift
    locale: zh-CN
    telegram: -1001234567890        # a chat id; leave out what the team does not use
    dingtalk: cidXXXX==
    wecom: wrXXXX
people:
  - name: 电工甲
    role: operator                  # viewer | operator | admin
    telegram: 123456789
    dingtalk: manager123
    wecom: dianGongJia
breakers:
  - id: 820720                      # Thingboot device id
    name: 3号增氧机
    site: 一号鱼塘
    room: night-shift
    model: UNI-DLQ-M-60A-P          # picks a product profile
    ratedCurrent: 60                # A
    groups: [一号鱼塘, 增氧]
    autoReclose: { enabled: true, causes: [voltage], deadTime: 5s, shots: 1, reclaim: 180s, perDay: 3 }
actuation: true                     # false: alerting only, no command ever leaves
escalation:
  default:                          # a policy; a room, a site or a breaker may name another with \`escalation: NAME\`
    ackTimeout: 30m
    repeat: 1
    steps:
      - { after: 0s, cards: true }
      - { after: 2m, mention: duty }        # duty, or a person's name, or all
      - { after: 5m, call: duty }           # each person's own ways, in order
      - { after: 10m, mail: [manager@example.com] }
      - { after: 10m, webhook: ops }
duty:
  - { room: night-shift, rota: [电工甲, 电工乙], handover: "Mon 08:00" }
notify:
  mail: { smtp: "smtps://user:pass@mail.example.com", from: "breakers@example.com" }
  webhooks: { ops: { url: "https://…", secret: "whsec_…" } }    # Standard Webhooks
  voice: { aliyun: { accessKeyId: …, accessKeySecret: …, ttsCode: …, calledShowNumber: …, endpoint: dyvmsapi.aliyuncs.com } }
`

/** The least that is a configuration. */
export const MINIMAL = `thingboot: { appId: app, appSecret: secret, pushToken: abcdefgh }
channels: { telegram: { token: "1:a" } }
rooms: [{ name: r, telegram: -1 }]
`

/** How a value is taken from the environment. */
export const fromEnv = (name: string) => `\${${name}}`

export function read(text: string, env: NodeJS.ProcessEnv = ENV): Config {
  const loaded = parseConfig(text, env)
  if (!loaded.ok) throw new Error(loaded.faults.map((one) => faultText('file', one)).join('\n'))
  return loaded.config
}

/** The faults as `breakerbot check` prints them, with `f` for the file. */
export function faultsOf(text: string, env: NodeJS.ProcessEnv = ENV): string[] {
  const loaded = parseConfig(text, env)
  return loaded.ok ? [] : loaded.faults.map((one) => faultText('f', one))
}

export function warningsOf(text: string): string[] {
  const loaded = parseConfig(text, ENV)
  return loaded.ok ? loaded.warnings.map((one) => faultText('f', one)) : ['it has faults']
}
