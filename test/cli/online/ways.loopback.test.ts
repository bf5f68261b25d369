import { expect, test } from 'vitest'
import { tryWays } from '../../../src/cli/online/ways.ts'
import { createMailRig } from '../../channels/ways/mail-rig.ts'
import { read } from '../../config/support.ts'

const config = (smtp: string) =>
  read(`thingboot: { appId: app, appSecret: s, pushToken: abcdefgh }
channels: { telegram: { token: "1:a" } }
rooms: [{ name: r, telegram: "-100" }]
notify:
  mail: { smtp: "${smtp}", from: breakers@example.com }
  webhooks: { ops: { url: "https://ops.example/hook?key=path-secret", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw } }
  voice: { aliyun: { accessKeyId: id, accessKeySecret: secret, ttsCode: TTS_1 } }
`)

test('mail is tried without sending one; calls and web-hooks are not, and that is said', async () => {
  const rig = await createMailRig(4000)
  const found = await tryWays(config(rig.address))
  expect(found.map(({ part, ok }) => [part, ok])).toEqual([
    ['mail', true],
    ['voice', true],
    ['web-hook ops', true],
  ])
  expect(found.slice(1).every(({ detail }) => detail.startsWith('not tried'))).toBe(true)
  expect(JSON.stringify(found)).not.toContain('path-secret')
  const wrong = rig.address.replace('bot%40', 'other%40')
  expect((await tryWays(config(wrong)))[0]).toMatchObject({
    part: 'mail',
    ok: false,
    detail: expect.stringContaining('check notify.mail.smtp'),
  })
  expect(rig.raw).toEqual([])
  await rig.way.stop()
  await rig.close()
})

test('nothing configured: nothing to try', async () => {
  const { notify: _, ...rest } = config('smtp://127.0.0.1:1')
  expect(await tryWays(rest)).toEqual([])
})
