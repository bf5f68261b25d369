import { expect, test } from 'vitest'
import type { Painted } from '../../src/pictures/painter.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { lastCard, PUMP, type Rig, startRig, testPolicy, untilButton } from './rig.ts'

const PNG: Painted = { png: new Uint8Array([1, 2, 3]), width: 1280, height: 720 }

async function start(more: Parameters<typeof testPolicy>[0] = {}): Promise<Rig> {
  return startRig({
    policy: testPolicy({ tripPictures: true, ...more }),
    painter: { paint: async () => PNG },
    prepare: ({ telegram, wecom }) => {
      for (const one of [telegram, wecom]) one.abilities.pictures = true
    },
  })
}

async function loaded(rig: Rig, count = 10): Promise<void> {
  const now = rig.now()
  const samples = Array.from({ length: count }, (_, i) => ({
    device: PUMP,
    at: now - (count - i) * 30_000,
    current: 40 + i,
  }))
  await rig.store.commit({ samples })
}

const pictures = (channel: FakeChannel) =>
  channel.shown.flatMap(({ content }) => ('picture' in content && content.picture ? [content] : []))

test('the load before a trip follows its card, as a picture that answers it and calls on nobody', async () => {
  const rig = await start()
  await loaded(rig)
  await rig.trip()
  await untilButton(rig.telegram, 'ack')
  const [picture] = await until(
    () => (pictures(rig.telegram).length > 0 ? pictures(rig.telegram) : undefined),
    'it',
  )
  expect(picture).toMatchObject({
    text: '3号增氧机 跳闸前 10 分钟的负载，最高 49.0 A',
    replyTo: lastCard(rig.telegram)!.message,
    picture: PNG,
  })
  expect(picture).not.toHaveProperty('urgent')
  await until(() => pictures(rig.wecom).length === 1 || undefined, 'the other chat has it too')
  expect(pictures(rig.telegram)).toHaveLength(1)
  expect(rig.dingtalk.shown.some(({ content }) => 'text' in content)).toBe(false)
})

test.each<[string, Parameters<typeof testPolicy>[0], number]>([
  ['where too little was measured', {}, 2],
  ['where nobody wants it', { tripPictures: false }, 10],
  ['where pictures are not wanted at all', { pictures: false }, 10],
])('there is none %s', async (_, policy, count) => {
  const rig = await start(policy)
  await loaded(rig, count)
  await rig.trip()
  await untilButton(rig.telegram, 'ack')
  await until(async () => (await waiting(rig)) === 0 || undefined, 'all that was to be sent')
  expect(pictures(rig.telegram)).toEqual([])
  expect(rig.telegram.shown.every(({ content }) => 'card' in content)).toBe(true)
})

/** Jobs that are still to go out. */
async function waiting({ store }: Rig): Promise<number> {
  const counts = await store.counts()
  return ['send-telegram', 'send-wecom', 'send-dingtalk'].reduce(
    (sum, queue) => sum + (counts[queue]?.waiting ?? 0),
    0,
  )
}
