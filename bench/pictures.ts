import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { message } from '../src/domain/message.ts'
import { createPainter } from '../src/pictures/painting.ts'
import { chartText } from '../src/text/chart-text.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
const series = (name: 'today' | 'yesterday', shift: number) => ({
  name: message(`energy.${name}`),
  values: HOURS.map((_, hour) => 2 + Math.sin(hour / 3 + shift)),
})

/** A day by hour beside the day before; each one a little different, so that none has been drawn before. */
const chart = (shift: number) =>
  chartText(
    {
      kind: 'bars',
      title: message('energy.title', { breaker: '3号增氧机' }),
      unit: 'kWh',
      labels: HOURS,
      series: [series('today', shift), { ...series('yesterday', shift + 1), isComparison: true }],
    },
    'zh-CN',
    'Asia/Shanghai',
  )

/** The memory of a process, MB. Linux. */
const residentOf = (pid: number | string): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** The processes that this one has started. */
const children = (): string[] =>
  readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )

/** What a picture costs, and what is left of that afterwards. */
export async function pictures(count: number): Promise<string> {
  const [idle, log] = [500, { debug() {}, info() {}, warn: console.error, error: console.error }]
  const painter = createPainter({ log, idle })
  const before = residentOf('self')
  const first = await timed(() => painter.paint(chart(0)))
  const held = monitorEventLoopDelay({ resolution: 1 })
  held.enable()
  const next: number[] = []
  for (let index = 1; index <= count; index++) next.push(await timed(() => painter.paint(chart(index))))
  held.disable()
  const [own, other] = [residentOf('self'), children().reduce((sum, pid) => sum + residentOf(pid), 0)]
  await delay(idle * 3)
  const left = children().length
  await painter.stop()
  const sorted = next.sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
  return [
    '| | first, ms | next, p50 | p99 |\n| --- | --- | --- | --- |',
    `| 1280 × 720, a day by hour | ${Math.round(first)} | ${Math.round(at(0.5))} | ${Math.round(at(0.99))} |`,
    '\n| memory, MB | before | while drawing | a while after the last |\n| --- | --- | --- | --- |',
    `| the service's process | ${Math.round(before)} | ${Math.round(own)} | ${Math.round(residentOf('self'))} |`,
    `| the one that draws | 0 | ${Math.round(other)} | ${left === 0 ? 0 : 'still there'} |`,
    `\nThe event loop of the service was held up for ${(held.percentile(99) / 1e6).toFixed(1)} ms (p99), ${(held.max / 1e6).toFixed(1)} ms at most.`,
  ].join('\n')
}

async function timed(paint: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  if (!(await paint())) throw new Error('no picture was painted')
  return performance.now() - begin
}
