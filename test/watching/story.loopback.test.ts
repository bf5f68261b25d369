import { expect, onTestFinished, test } from 'vitest'
import { untilCard, untilSaid } from '../service/chats.ts'
import { forEachTest, type newFolder, type Program, startProgram } from '../service/program.ts'
import { configText, PUSH_TOKEN, untilReady, type World } from '../service/rig.ts'
import { closedPort } from '../support/closed-port.ts'
import { until } from '../support/until.ts'
import { startCollector } from './collector.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((own) => ({ world, folder } = own))

interface Line {
  msg: string
  trace?: string
  on?: string
  action?: string
  incidents?: string[]
  operation?: string
  path?: string
  outcome?: string
  chat?: { channel: string }
}

const linesOf = (...programs: Program[]): Line[] =>
  programs.flatMap(({ ran }) =>
    ran.err.split('\n').flatMap((line) => (line.startsWith('{') ? (JSON.parse(line) as Line) : [])),
  )

async function start(port: number, more = ''): Promise<Program> {
  const config = configText(world, { platforms: ['telegram', 'wecom'], port, more })
  const program = await startProgram(folder.path, config)
  onTestFinished(async () => void (await program.kill()))
  world.cloud.setPushUrl(`${program.url}/api/device/callback/${PUSH_TOKEN}`)
  await untilReady(program.url, ['telegram', 'wecom'])
  return program
}

test('one id leads from push to card to press to command to the breaker’s own word, over a restart; the collector has the same', async () => {
  const collector = await startCollector()
  onTestFinished(() => void collector.close())
  const more = `tracing: { otlp: "${collector.url}", headers: { x-key: collector-key-0001 } }`
  const { telegram } = world.chats
  const first = await start(0, more)
  await world.cloud.trip(820720)
  await untilCard(telegram, '过载', ['确认', '合闸', '电量'])
  await telegram.press('甲', '合闸')
  await untilCard(telegram, '请求合闸', ['确认合闸', '取消'])
  await until(() => collector.spans.some((one) => one.name === 'telegram change'), 'the first spans')
  await first.kill()
  const second = await start(Number(new URL(first.url).port), more)
  await telegram.press('甲', '确认合闸')
  await untilSaid(telegram, '已合闸')
  await until(() => linesOf(second).some((one) => one.on === 'push order'), 'the order push')
  const { code } = await second.terminate()
  expect(code).toBe(0)

  const lines = linesOf(first, second)
  const opened = lines.find((one) => one.on?.startsWith('push') && one.incidents)!
  const story = lines.filter((one) => one.trace === opened.trace)
  const told = story.map(({ msg, on, action, path, outcome }) =>
    [msg, on ?? action ?? path ?? outcome].filter(Boolean).join(': '),
  )
  for (const line of [
    'delivered',
    'somebody pressed: reclose',
    'somebody pressed: confirm',
    'decided: ask',
    'cloud call done: device/control',
    'switching command: taken',
    'decided: control-outcome',
    'decided: push order',
  ])
    expect(told).toContain(line)
  expect(new Set(story.flatMap(({ chat }) => chat?.channel ?? []))).toEqual(new Set(['telegram', 'wecom']))
  // Nothing of it goes by another id.
  const incident = opened.incidents![0]!
  expect(lines.filter((one) => one.incidents?.includes(incident) && one.trace !== opened.trace)).toEqual([])

  expect(collector.faults).toEqual([])
  expect(new Set(collector.headers)).toEqual(new Set(['collector-key-0001']))
  const spans = collector.spans.filter((one) => one.traceId === opened.trace)
  const names = spans.map((one) => one.name)
  for (const name of [
    'take http',
    'events',
    'decide',
    'commit',
    'send-telegram',
    'telegram send',
    'commands',
    'cloud device/control',
  ])
    expect(names).toContain(name)
  const byId = new Map(spans.map((one) => [one.spanId, one]))
  /** From a span to what it began with. */
  const way = (name: string) => {
    const found: string[] = []
    for (let at = spans.find((one) => one.name === name); at; at = byId.get(at.parentSpanId ?? ''))
      found.push(at.name)
    return found
  }
  expect(way('telegram send')).toEqual(['telegram send', 'send-telegram', 'events', 'take http'])
  expect(way('cloud device/control').slice(0, 3)).toEqual(['cloud device/control', 'commands', 'events'])
  // The press came in under an id of its own, which its run names.
  expect(
    spans.some((one) => one.name === 'events' && one.links.some((link) => link.traceId !== opened.trace)),
  ).toBe(true)
  for (const { startTimeUnixNano, endTimeUnixNano } of spans)
    expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true)
})

test('a collector that is not there is told once, its spans are counted, and nothing else notices', async () => {
  const program = await start(0, `tracing: { otlp: "http://127.0.0.1:${await closedPort()}" }`)
  const { telegram } = world.chats
  await world.cloud.trip(820720)
  await untilCard(telegram, '过载', ['确认', '合闸', '电量'])
  const dropped = async () => {
    const metrics = await (await fetch(`${program.url}/metrics`)).text()
    return Number(/^breakerbot_spans_total\{result="dropped"\} (\d+)$/m.exec(metrics)?.[1])
  }
  await until(async () => (await dropped()) > 0, 'the spans are dropped')
  await telegram.press('甲', '确认')
  await untilCard(telegram, /甲.*确认|确认.*甲/s)
  expect(linesOf(program).filter((one) => one.msg.startsWith('the collector does not take'))).toHaveLength(1)
})
