import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { message } from '../../src/domain/message.ts'
import { createPainter } from '../../src/pictures/painting.ts'
import { chartText } from '../../src/text/chart-text.ts'
import type { Bench } from '../bench.ts'
import { percentile, table } from '../figures.ts'
import { residentOf } from '../resident.ts'

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

/** The processes that this one has started. */
const children = (): string[] =>
  readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )

/** What a picture costs, and what is left of that afterwards. */
export async function pictures({ isQuick }: Bench): Promise<void> {
  const count = isQuick ? 5 : 50
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
  const ms = (time: number) => time.toFixed(0)
  console.log(
    table(
      ['', 'first, ms', 'next, p50', 'p99'],
      [['1280 × 720, a day by hour', ...[first, percentile(next, 50), percentile(next, 99)].map(ms)]],
    ),
  )
  const memory = [
    ["the service's process", before, own, residentOf('self')],
    ['the one that draws', 0, other, left === 0 ? 0 : 'still there'],
  ]
  console.log(`\n${table(['memory, MB', 'before', 'while drawing', 'a while after the last'], memory)}`)
  const held99 = held.percentile(99) / 1e6
  console.log(
    `\nThe event loop of the service was held up for ${ms(held99)} ms (p99), ${ms(held.max / 1e6)} ms at most.`,
  )
}

async function timed(paint: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  if (!(await paint())) throw new Error('no picture was painted')
  return performance.now() - begin
}
