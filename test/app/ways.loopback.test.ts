import { expect, test } from 'vitest'
import { createWays } from '../../src/app/ways.ts'
import { parseConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { createLog } from '../../src/log.ts'
import { sampleNotice } from '../channels/ways/notice.ts'
import { createVoiceRig, KEY } from '../channels/ways/voice-rig.ts'
import { createWebhookRig, SECRET } from '../channels/ways/webhook-rig.ts'

const log = createLog({ level: 'silent' })

function read(more: object): Config {
  const loaded = parseConfig(
    JSON.stringify({
      thingboot: { appId: 'a', appSecret: 'app-secret', pushToken: 'a-long-random-token' },
      channels: { telegram: { token: '1:token' } },
      rooms: [{ name: 'night-shift', telegram: '-100' }],
      ...more,
    }),
    {},
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.config
}

test('nothing configured: no way', async () => {
  const ways = await createWays(read({}), log)
  expect([...ways.keys(), ...ways.hooks]).toEqual([])
  await ways.stop()
})

test('each part of the configuration brings its ways', async () => {
  const config = read({
    channels: { dingtalk: { clientId: 'ding', clientSecret: 'secret' } },
    rooms: [{ name: 'night-shift', dingtalk: 'cid' }],
    notify: {
      mail: { smtp: 'smtp://127.0.0.1:1', from: 'breakers@example.com' },
      webhooks: { ops: { url: 'http://127.0.0.1:1', secret: SECRET } },
      voice: { aliyun: { ...KEY, ttsCode: 'TTS_1' } },
    },
  })
  const ways = await createWays(config, log)
  expect([...ways.keys()]).toEqual(['voice', 'ding-app', 'ding-sms', 'ding-phone', 'mail', 'webhook'])
  expect(ways.hooks).toEqual(['ops'])
  for (const [name, way] of ways) expect(way.name).toBe(name)
  await ways.stop()
  for (const way of ways.values()) {
    expect(await way.send('elec7', sampleNotice(), 'key-1')).toMatchObject({ outcome: 'later' })
  }
})

test('a call and a web-hook go out as configured', async () => {
  const [voice, hook] = await Promise.all([createVoiceRig(4000), createWebhookRig(4000)])
  const config = read({
    notify: {
      webhooks: { ops: { url: hook.url, secret: SECRET } },
      voice: { aliyun: { ...KEY, ttsCode: 'TTS_1', endpoint: voice.sim.url } },
    },
  })
  const ways = await createWays(config, log)
  expect(await ways.get('voice')?.send('13900000000', sampleNotice(), 'k')).toMatchObject({
    outcome: 'delivered',
  })
  expect(await ways.get('webhook')?.send('ops', sampleNotice(), 'k')).toMatchObject({ outcome: 'delivered' })
  await ways.stop()
  for (const rig of [voice, hook]) {
    await rig.way.stop()
    await rig.close()
  }
})
