import { expect, it } from 'vitest'
import { png } from '../../support/png.ts'
import { until } from '../../support/until.ts'
import { card, codeOf, GROUP, markdown, sdkClient, startSim, template, toGroup } from './support.ts'

const done = (taskId: string, title = '已确认') => card(taskId, { main_title: { title } })

it('F1: the official SDK connects, sends, hears, and updates', async () => {
  const sim = await startSim()
  const { ready, send, texts, events, update } = sdkClient(sim.wsUrl)
  await ready()
  expect(await codeOf(send(GROUP, { chat_type: 2, ...markdown('你好') }))).toBe(0)
  expect(await codeOf(send(GROUP, { chat_type: 2, ...template(card('al-1')) }))).toBe(0)
  expect(sim.messages(GROUP).map(({ msgtype }) => msgtype)).toEqual(['markdown', 'template_card'])
  const sent = sim.frames().findLast(({ cmd }) => cmd === 'aibot_send_msg')
  expect(sent?.frame).toMatchObject({ body: { chatid: GROUP, chat_type: 2 } })

  sim.say(GROUP, 'zhangsan', '状态 1号', { quote: '过流跳闸' })
  const text = await until(() => texts[0])
  expect(text.body).toMatchObject({
    chatid: GROUP,
    chattype: 'group',
    from: { userid: 'zhangsan' },
    text: { content: '@BreakerBot 状态 1号' },
    quote: { msgtype: 'text', text: { content: '过流跳闸' } },
  })

  const click = sim.click('al-1', 'lisi', 'ack')
  const event = await until(() => events[0])
  expect(event.body).toMatchObject({
    from: { userid: 'lisi' },
    event: {
      eventtype: 'template_card_event',
      template_card_event: { event_key: 'ack', task_id: 'al-1', card_type: 'button_interaction' },
    },
  })
  expect(await codeOf(update(event, done('al-1')))).toBe(0)
  expect(await click.outcome).toBe('updated')
  expect(sim.cardAsSeenBy('al-1', 'zhangsan')).toMatchObject({ title: '已确认', version: 2, private: false })
})

it('F1: an update is taken within 5 s and once', async () => {
  const sim = await startSim()
  const { ready, send, events, update } = sdkClient(sim.wsUrl)
  await ready()
  await send(GROUP, toGroup(template(card('al-1'))))

  const late = sim.click('al-1', 'lisi', 'ack')
  const first = await until(() => events[0])
  sim.clock.advance(6_000)
  expect(await codeOf(update(first, done('al-1')))).toBe(846604)
  expect(await late.outcome).toBe('unanswered')
  expect(sim.cardAsSeenBy('al-1', 'lisi')).toMatchObject({ version: 1 })

  sim.click('al-1', 'lisi', 'ack')
  const second = await until(() => events[1])
  sim.clock.advance(4_000)
  expect(await codeOf(update(second, done('al-1')))).toBe(0)
  expect(await codeOf(update(second, done('al-1', '又一次')))).toBe(846606)
  expect(sim.cardAsSeenBy('al-1', 'lisi')?.title).toBe('已确认')
})

it('F1: an update for the presser alone leaves the others their copies', async () => {
  const sim = await startSim()
  const { ready, send, events, update } = sdkClient(sim.wsUrl)
  await ready()
  await send(GROUP, toGroup(template(card('al-1'))))
  sim.click('al-1', 'lisi', 'reclose')
  const confirm = card('al-1', { button_list: [{ text: '确认合闸', style: 4, key: 'confirm' }] })
  await update(await until(() => events[0]), confirm, ['lisi'])
  expect(sim.cardAsSeenBy('al-1', 'lisi')).toMatchObject({ private: true, buttons: [{ key: 'confirm' }] })
  expect(sim.cardAsSeenBy('al-1', 'zhangsan')).toMatchObject({ private: false, version: 1 })
  expect(() => sim.click('al-1', 'lisi', 'ack')).toThrow('no button ack')
  expect(() => sim.click('al-1', 'zhangsan', 'confirm')).toThrow('no button confirm')
  expect(() => sim.click('al-1', 'wangwu', 'ack')).toThrow('sees no card')
})

it('F1: media go up in chunks and can then be sent', async () => {
  const sim = await startSim()
  const { ready, client, send } = sdkClient(sim.wsUrl)
  await ready()
  const file = Buffer.from(png(64, 32, 1_200_000))
  const { media_id: mediaId } = await client.uploadMedia(file, { type: 'image', filename: 'day.png' })
  expect(Buffer.from(sim.media(mediaId)!)).toEqual(file)
  expect(await codeOf(send(GROUP, toGroup({ msgtype: 'image', image: { media_id: mediaId } })))).toBe(0)
  expect(await codeOf(send(GROUP, toGroup({ msgtype: 'file', file: { media_id: mediaId } })))).toBe(40007)
  sim.clock.advance(73 * 3_600_000)
  expect(await codeOf(send(GROUP, toGroup({ msgtype: 'image', image: { media_id: mediaId } })))).toBe(40007)
})

it('F1: a reply, a stream, and a welcome each go to their own callback', async () => {
  const sim = await startSim()
  const { ready, client, texts, events } = sdkClient(sim.wsUrl)
  await ready()
  sim.say(GROUP, 'lisi', '电量')
  const question = await until(() => texts[0])
  await client.replyStream(question, 's1', '正在查', false)
  await client.replyStream(question, 's1', '今日 3.2 kWh', true)
  expect(sim.messages(GROUP).at(-1)).toMatchObject({ via: 'reply', text: '今日 3.2 kWh' })
  expect(sim.messages(GROUP)).toHaveLength(2)

  sim.enter('lisi')
  const entry = await until(() => events[0])
  const hello = { msgtype: 'text' as const, text: { content: '你好' } }
  expect(await codeOf(client.replyWelcome(question, hello))).toBe(846605)
  expect(await codeOf(client.replyWelcome(entry, hello))).toBe(0)
  expect(await codeOf(client.replyWelcome(entry, hello))).toBe(846606)
  expect(sim.messages({ user: 'lisi' })).toMatchObject([{ via: 'welcome', text: '你好' }])
})

it('F2: a second client kicks the first, which the SDK takes as the end', async () => {
  const sim = await startSim()
  const first = sdkClient(sim.wsUrl)
  await first.ready()
  const second = sdkClient(sim.wsUrl)
  await second.ready()
  await until(() => first.seen.disconnected[0]?.includes('New connection established'))
  expect(first.events[0]?.body).toMatchObject({ event: { eventtype: 'disconnected_event' } })
  expect(sim.conns().map(({ state }) => state)).toEqual(['kicked', 'subscribed'])
  sim.say(GROUP, 'lisi', '状态')
  await until(() => second.texts[0])
  expect(first.texts).toEqual([])
})

it('a wrong secret ends in 853000 until the secret is put right', async () => {
  const sim = await startSim()
  const { client, seen } = sdkClient(sim.wsUrl, { secret: 'other', reconnectInterval: 20 })
  client.connect()
  const error = await until(() => seen.errors[0])
  expect(error.message).toMatch(
    /invalid bot_id or secret, hint: \[\d+\], from ip: 127\.0\.0\.1.*\(code: 853000\)/,
  )
  sim.addBot({ botId: 'BOT', secret: 'other' })
  await until(() => seen.authenticated)
})
