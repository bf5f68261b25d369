import { randomBytes } from 'node:crypto'

export type Credentials = ReturnType<typeof newCredentials>

/** What the service and the simulators know each other by; new at every start. */
export function newCredentials() {
  const secret = () => randomBytes(16).toString('hex')
  return {
    thingboot: { appId: 'demoapp', appSecret: secret() },
    pushToken: secret(),
    telegram: { token: `8090:${secret()}` },
    dingtalk: { clientId: 'dingdemo', clientSecret: secret() },
    wecom: { botId: 'demo-bot', secret: secret() },
    wecomGroupRobot: secret(),
  }
}
