import { afterEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { GROUP, untilCard, untilSaid } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const MINUTE = 60_000

/** Readings of 3号增氧机 as the cloud pushes them: since the day before yesterday, and lately each minute. */
async function metered(): Promise<void> {
  const now = Date.now()
  const minutes = [...Array.from({ length: 100 }, (_, i) => 3000 - 30 * i), 5, 4, 3, 2, 1]
  for (const ago of minutes) {
    const energy = (1500 - (3 * ago) / 60).toFixed(2)
    const data = { power: '1', voltage: '229.8', current: '13.1', active_power: '3000', energy }
    expect((await rig.push({ type: 'state', device: 820720, ts: now - ago * MINUTE, data })).status).toBe(200)
  }
}

const inTelegram = () => rig.telegram.messages(GROUP.telegram)
const inDingTalk = () =>
  rig.dingtalk.messages(GROUP.dingtalk).flatMap((one) => (one.kind === 'robot' ? [one] : []))
const pictures = {
  telegram: () => inTelegram().filter(({ file }) => file !== undefined),
  wecom: () => rig.wecom.messages(GROUP.wecom).filter(({ msgtype }) => msgtype === 'image'),
  dingtalk: () =>
    inDingTalk().filter(({ content }) => rig.dingtalk.media(String(content.photoURL)) !== undefined),
}

test('pushed, asked for, and answered in words and with a picture on each platform', async () => {
  rig = await startRig({ tripPictures: true })
  await metered()
  for (const platform of ['telegram', 'wecom', 'dingtalk'] as const) {
    rig.chats[platform].say('看客', '电量3号增氧机昨天')
    await untilSaid(rig.chats[platform], /昨天：72\.00 kWh（按电表）[\s\S]*最大负载 3\.00 kW/)
    await until(() => pictures[platform]().length === 1 || undefined, `the picture in ${platform}`)
  }
})

test('as a table, under an address that nobody can change', async () => {
  rig = await startRig({
    tripPictures: true,
    platforms: ['telegram'],
    publicUrl: 'https://breakers.example.com',
  })
  await metered()
  rig.chats.telegram.say('看客', '导出 3号增氧机 昨天')
  const said = await untilSaid(rig.chats.telegram, /https:\/\/breakers\.example\.com\/energy\.csv/)
  const link = new URL(/https:\S+/.exec(said)![0])
  const table = await fetch(`${rig.url}${link.pathname}${link.search}`)
  expect([table.status, table.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  const bytes = new Uint8Array(await table.arrayBuffer())
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const rows = new TextDecoder().decode(bytes).split('\r\n').slice(1, -1)
  expect(rows).toHaveLength(24)
  const kwh = rows.map((row) => Number(row.split(',')[5]))
  expect(kwh.reduce((sum, one) => sum + one, 0)).toBeCloseTo(72, 6)
  link.searchParams.set('breaker', '820721')
  expect((await fetch(`${rig.url}${link.pathname}${link.search}`)).status).toBe(403)
})

test('the load before a trip follows its card', async () => {
  rig = await startRig({ tripPictures: true, platforms: ['telegram'] })
  await metered()
  await rig.cloud.trip(820720)
  await untilCard(rig.chats.telegram, '过载', ['确认'])
  const [picture] = await until(
    () => (pictures.telegram().length > 0 ? pictures.telegram() : undefined),
    'the picture',
  )
  expect(picture!.text).toMatch(/3号增氧机 跳闸前 10 分钟的负载，最高 [\d.]+ A/)
  expect(picture!.replyTo).toBe(inTelegram().find(({ keyboard }) => keyboard.length > 0)!.id)
  expect(picture!.silent).toBe(true)
})
