import { expect, onTestFinished, test } from 'vitest'
import { createCollector } from '../../src/tracing/otlp.ts'
import { type Run, traceOf } from '../../src/tracing/trace.ts'
import { closedPort } from '../support/closed-port.ts'
import { until } from '../support/until.ts'
import { startCollector } from './collector.ts'

const run: Run = { id: '1'.repeat(16), name: 'events', start: 1, end: 2, attributes: {}, done: [] }
const QUIET = { headers: {}, sample: 1, version: '0', instance: 'a', counted() {}, changed() {} }

test('the collector’s queue has an end, and what is dropped is counted', async () => {
  const counts = { sent: 0, dropped: 0 }
  const collector = createCollector({
    ...QUIET,
    url: `http://127.0.0.1:${await closedPort()}/v1/traces`,
    counted: (result, spans) => {
      counts[result] += spans
    },
  })
  for (let index = 0; index < 10_000; index++) collector.take(traceOf(`${index}`), run)
  expect(counts.dropped).toBeGreaterThan(5000)
  await collector.stop()
  // What is on its way at that moment is told when it has come to nothing.
  await until(() => counts.dropped === 10_000, 'all are dropped')
  expect(counts.sent).toBe(0)
})

test('of a share, each id is sent by all instances or by none', async () => {
  const collector = await startCollector()
  onTestFinished(() => void collector.close())
  const ids = Array.from({ length: 200 }, (_, index) => traceOf(`${index}`))
  const send = async (instance: string) => {
    const sender = createCollector({ ...QUIET, url: `${collector.url}/v1/traces`, sample: 0.25, instance })
    for (const id of ids) sender.take(id, run)
    await sender.stop()
    return new Set(collector.spans.splice(0).map((one) => one.traceId))
  }
  const [one, other] = [await send('a'), await send('b')]
  expect(one).toEqual(other)
  expect(one.size).toBeGreaterThan(25)
  expect(one.size).toBeLessThan(80)
})

test('what cannot be put into words is dropped, and the next leaves all the same', async () => {
  const collector = await startCollector()
  onTestFinished(() => void collector.close())
  const counts = { sent: 0, dropped: 0 }
  const sender = createCollector({
    ...QUIET,
    url: `${collector.url}/v1/traces`,
    counted: (result, spans) => {
      counts[result] += spans
    },
  })
  sender.take(traceOf('bad'), { ...run, start: Number.NaN })
  await until(() => counts.dropped === 1, 'it is dropped')
  sender.take(traceOf('good'), run)
  await until(() => counts.sent === 1, 'the next is sent')
  await sender.stop()
})
