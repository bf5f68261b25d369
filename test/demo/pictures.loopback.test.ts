import { expect, onTestFinished, test } from 'vitest'
import type { ChatChannel } from '../../src/channels/channel.ts'
import { createDingTalkChannel } from '../../src/channels/dingtalk/index.ts'
import { createTelegramChannel } from '../../src/channels/telegram/index.ts'
import { createWeComChannel } from '../../src/channels/wecom/index.ts'
import { ROOM } from '../../src/demo/cast.ts'
import type { ChatName } from '../../src/demo/chat-views.ts'
import { newCredentials } from '../../src/demo/credentials.ts'
import { createPlayground } from '../../src/demo/playground.ts'
import { type Sims, startDingTalk, startTelegram, startThingboot, startWeCom } from '../../src/demo/sims.ts'
import type { Snapshot } from '../../src/demo/snapshot.ts'
import { createStage } from '../../src/demo/stage.ts'
import { createTrace } from '../../src/demo/trace.ts'
import { picture } from '../support/png.ts'
import { createRecorder } from '../support/recorder.ts'
import { until } from '../support/until.ts'

const PICTURE = picture()
const CHATS: ChatName[] = ['telegram', 'dingtalk', 'wecom']

async function start() {
  const credentials = newCredentials()
  const sims: Sims = {
    thingboot: await startThingboot(credentials, {}),
    telegram: await startTelegram(credentials),
    dingtalk: await startDingTalk(credentials),
    wecom: await startWeCom(credentials),
  }
  const { log } = createRecorder()
  const { telegram, dingtalk, wecom } = sims
  const { url: apiBase } = dingtalk
  const channels: Record<ChatName, ChatChannel> = {
    telegram: createTelegramChannel({
      ...{ token: credentials.telegram.token, apiRoot: telegram.url, mode: 'polling', proxy: null, log },
    }),
    dingtalk: createDingTalkChannel({ ...credentials.dingtalk, apiBase, oapiBase: apiBase, log }),
    wecom: createWeComChannel({ ...credentials.wecom, wsUrl: wecom.wsUrl, log }),
  }
  const playground = createPlayground(createStage(sims, createTrace(), () => {}))
  onTestFinished(async () => {
    await playground.close()
    await Promise.all(CHATS.map((chat) => channels[chat].stop()))
    await Promise.all(Object.values(sims).map((sim) => sim.close()))
  })
  await channels.wecom.start(() => {
    throw new Error('nobody speaks here')
  })
  await until(() => channels.wecom.health().state === 'ready')
  return { channels, playground }
}

test('each pane shows the picture that was sent, and its text', async () => {
  const { channels, playground } = await start()
  for (const chat of CHATS) {
    const content = { text: 'Today', picture: PICTURE }
    expect(await channels[chat].send(String(ROOM[chat]), content, 'k1')).toMatchObject({
      outcome: 'delivered',
    })
  }
  const { chats } = (await playground.inject('/api/state')).json<Snapshot>()
  for (const chat of CHATS) {
    const words = chats[chat].group.map(({ body }) => ('text' in body ? body.text : '')).filter(Boolean)
    expect(words).toEqual(['Today'])
    const ids = chats[chat].group.flatMap(({ picture }) => picture ?? [])
    expect(ids).toHaveLength(1)
    const shown = await playground.inject({ url: '/api/picture', query: { chat, id: ids[0]! } })
    expect(shown.headers['content-type']).toBe('image/png')
    expect(shown.rawPayload).toEqual(Buffer.from(PICTURE.png))
  }
})

test('a picture that nobody sent is not found', async () => {
  const { playground } = await start()
  for (const chat of CHATS) {
    expect((await playground.inject({ url: '/api/picture', query: { chat, id: 'x' } })).statusCode).toBe(404)
  }
  expect((await playground.inject('/api/picture?chat=mail&id=x')).statusCode).toBe(400)
})
