import { describe, expect, onTestFinished, test } from 'vitest'
import { createAliyunVoiceSim } from '../../src/simulator/aliyun-voice/index.ts'
import { createMailRig } from '../channels/ways/mail-rig.ts'
import { KEY } from '../channels/ways/voice-rig.ts'
import { createWebhookRig, SECRET } from '../channels/ways/webhook-rig.ts'
import { until } from '../support/until.ts'
import { startRig } from './rig.ts'

/** The whole service with a mail server, a web-hook's receiver, and a voice service of Aliyun's kind. */
async function start(steps: string) {
  const [mail, hook, voice] = await Promise.all([
    createMailRig(5000),
    createWebhookRig(5000),
    createAliyunVoiceSim({
      keys: { [KEY.accessKeyId]: KEY.accessKeySecret },
      templates: { TTS_1: ['site', 'breaker', 'cause'] },
      numbers: ['02566668888'],
    }),
  ])
  const more = `
duty: [{ room: night-shift, rota: [乙], handover: "Mon 08:00" }]
escalation: { default: { repeat: 0, steps: [${steps}] } }
notify:
  mail: { smtp: "${mail.address}", from: breakers@example.com }
  webhooks: { ops: { url: "${hook.url}", secret: "${SECRET}" } }
  voice:
    aliyun: { accessKeyId: ${KEY.accessKeyId}, accessKeySecret: ${KEY.accessKeySecret}, ttsCode: TTS_1, calledShowNumber: "02566668888", endpoint: "${voice.url}" }
`
  const rig = await startRig({ more, people: { 乙: ', phone: "13900000002", mail: yi@example.com' } })
  const close = rig.close
  onTestFinished(async () => {
    await close()
    await Promise.all([mail.close(), hook.close(), voice.close()])
  })
  return { ...rig, mail, hook, voice }
}

describe('nobody acknowledges', () => {
  test('whoever is on duty is mentioned, called and mailed, and a web-hook learns of it and of its end', async () => {
    const rig = await start(
      '{ after: 0s, cards: true }, { after: 1s, mention: duty }, { after: 2s, call: duty }, { after: 3s, mail: [乙], webhook: ops }',
    )
    await rig.cloud.trip(820720)
    const mails = await until(async () => {
      const all = await rig.mail.mails()
      return all.length > 0 ? all : undefined
    }, 'a mail')
    for (const chat of Object.values(rig.chats))
      await until(
        () => chat.texts().some((text) => text.includes('已通知 乙（语音电话）')),
        `the word in ${chat.name}`,
      )
    expect(rig.chats.telegram.texts().filter((text) => text.includes('仍未处理'))).toHaveLength(1)
    expect(rig.voice.calls.map(({ number, params }) => [number, params])).toEqual([
      ['13900000002', { site: '一号鱼塘', breaker: '3号增氧机', cause: '过载' }],
    ])
    expect(mails[0]).toMatchObject({ subject: expect.stringContaining('3号增氧机') })
    expect(mails[0]!.text).toContain('尚无人确认')
    expect(rig.mail.recipients).toEqual([['yi@example.com']])
    const types = () => rig.hook.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)
    await until(() => types().length === 1)
    await rig.chats.telegram.press('甲', '确认')
    await until(() => types().length === 2)
    await rig.cloud.switchByHand(820720, 'closed')
    await until(() => types().length === 3)
    expect(types()).toEqual(['alarm.raised', 'alarm.acknowledged', 'alarm.resolved'])
    await until(async () => (await rig.mail.mails()).length === 3)
    const threads = (await rig.mail.mails()).map(({ references, messageId }) => references ?? messageId)
    expect(new Set(threads.flat().map((one) => String(one).split('@')[1])).size).toBe(1)
    const audit = rig.audit().filter(({ what }) => what.startsWith('escalation.'))
    expect(
      audit.map(({ details }) => `${details?.way} ${details?.about ?? ''} ${details?.outcome}`).sort(),
    ).toEqual([
      'mail acknowledged delivered',
      'mail raised delivered',
      'mail resolved delivered',
      'voice  delivered',
      'webhook acknowledged delivered',
      'webhook raised delivered',
      'webhook resolved delivered',
    ])
    const metrics = await (await fetch(`${rig.url}/metrics`)).text()
    expect(metrics).toContain('breakerbot_notifications_total{way="voice",outcome="delivered"} 1')
  })

  test('a voice service that is down is told of, and DING by telephone takes its place', async () => {
    const rig = await start('{ after: 1s, call: duty }')
    rig.voice.faults.add({
      effect: { answer: { status: 400, body: { Code: 'isv.OUT_OF_SERVICE', Message: 'out' } } },
    })
    await rig.cloud.trip(820720)
    await until(() => rig.dingtalk.dings.length > 0, 'a DING')
    expect(rig.dingtalk.dings).toMatchObject([{ remindType: 3, user: 'yi' }])
    await until(() => rig.chats.wecom.texts().some((text) => text.includes('改用钉钉电话 DING')))
    expect(rig.voice.calls).toEqual([])
  })
})
