import { describe, expect, test } from 'vitest'
import type { Chart } from '../../src/domain/chart.ts'
import { message } from '../../src/domain/message.ts'
import type { ChatRef } from '../../src/domain/policy.ts'
import { sayJob } from '../../src/engine/send-jobs.ts'
import type { Painted } from '../../src/pictures/painter.ts'
import type { ChartText } from '../../src/text/chart-text.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { GROUP, type Rig, startRig, testPolicy, texts, untilButton } from './rig.ts'

const CHART: Chart = {
  kind: 'bars',
  title: message('energy.today'),
  unit: 'kWh',
  labels: ['00', '01'],
  series: [{ name: message('energy.today'), values: [1, 2] }],
}
const LINES = [message('energy.today')]
const INSTEAD = '今天 (kWh)\n00 ▅ 01 █\n最高 2 kWh（01）'
const PNG: Painted = { png: new Uint8Array([1, 2, 3]), width: 1280, height: 720 }

/** A painter that keeps what it was asked for, and what it gives. */
function fakePainter(give: () => Painted | undefined = () => PNG) {
  const asked: ChartText[] = []
  return {
    asked,
    async paint(chart: ChartText) {
      asked.push(chart)
      return give()
    },
  }
}

async function start(painter?: ReturnType<typeof fakePainter>, pictures = true): Promise<Rig> {
  const policy = testPolicy({ pictures })
  const rig = await startRig({
    policy,
    ...(painter && { painter }),
    prepare: ({ telegram, wecom }) => {
      for (const one of [telegram, wecom]) one.abilities.pictures = true
    },
  })
  return rig
}

const chatOf = ({ name }: FakeChannel): ChatRef => ({ channel: name, chat: GROUP[name] })

async function told(rig: Rig, on: FakeChannel, id: string, chart = CHART) {
  await rig.store.enqueue([sayJob(id, chatOf(on), LINES, undefined, { chart })])
  const count = on.shown.length
  return (await until(() => on.shown[count], 'the text')).content
}

describe('a text with a chart', () => {
  test('goes with the picture of it, and with what stands for that', async () => {
    const painter = fakePainter()
    const rig = await start(painter)
    expect(await told(rig, rig.telegram, 'a')).toEqual({
      text: '今天',
      picture: { ...PNG, instead: INSTEAD },
    })
    expect(painter.asked).toEqual([expect.objectContaining({ kind: 'bars', title: '今天' })])
  })

  test('has the chart as text where the chat shows no pictures', async () => {
    const painter = fakePainter()
    const rig = await start(painter)
    expect(await told(rig, rig.dingtalk, 'a')).toEqual({ text: `今天\n\n${INSTEAD}` })
    expect(painter.asked).toEqual([])
  })

  test.each([
    ['pictures are not wanted', fakePainter(), false],
    ['none could be painted', fakePainter(() => undefined), true],
    ['there is no painter', undefined, true],
  ])('and where %s', async (_, painter, pictures) => {
    const rig = await start(painter, pictures)
    expect(await told(rig, rig.telegram, 'a')).toEqual({ text: `今天\n\n${INSTEAD}` })
    expect(painter?.asked ?? []).toHaveLength(painter && pictures ? 1 : 0)
  })

  test('is painted once for all chats of a room and once more for another chart', async () => {
    const painter = fakePainter()
    const rig = await start(painter)
    await Promise.all([told(rig, rig.telegram, 'a'), told(rig, rig.wecom, 'a')])
    expect(painter.asked).toHaveLength(1)
    await told(rig, rig.wecom, 'b', { ...CHART, unit: 'W' })
    expect(painter.asked).toHaveLength(2)
  })

  test('that was not painted is tried anew with the next text', async () => {
    const pictures = [undefined, PNG]
    const rig = await start(fakePainter(() => pictures.shift()))
    await told(rig, rig.telegram, 'a')
    expect(await told(rig, rig.telegram, 'b')).toHaveProperty('picture.width', 1280)
  })

  test('does not keep an alarm waiting behind it while its picture is drawn', async () => {
    const painted = Promise.withResolvers<Painted | undefined>()
    const rig = await start({ asked: [], paint: () => painted.promise } as never)
    await rig.store.enqueue([sayJob('slow', chatOf(rig.telegram), LINES, undefined, { chart: CHART })])
    await rig.trip()
    await untilButton(rig.telegram, 'ack')
    expect(texts(rig.telegram)).not.toContain('今天')
    painted.resolve(PNG)
    const shown = await until(
      () => rig.telegram.shown.find(({ content }) => 'picture' in content && content.picture),
      'the picture',
    )
    expect(shown.content).toMatchObject({ text: '今天', picture: PNG })
  })
})
