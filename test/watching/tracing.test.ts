import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { importsOf } from '../../scripts/arrows/imports.ts'
import { secretsOf } from '../../src/config/secrets.ts'
import { createLog } from '../../src/log.ts'
import {
  carriedOn,
  joinTrace,
  noteSpan,
  type Run,
  traced,
  traceId,
  traceOf,
  traceOfJob,
} from '../../src/tracing/trace.ts'
import { MINIMAL, read as readConfig } from '../config/support.ts'

const begun = (root: string, carried?: string) => ({ name: 'events', root, carried, attributes: {} })

test('what begins with a job has its id, wherever that runs; what follows from it carries the id on', async () => {
  const once = await traced(begun('push:1'), undefined, async () => traceId())
  const again = await traced(begun('push:1'), undefined, async () => traceId())
  expect(once).toMatch(/^[0-9a-f]{32}$/)
  expect(again).toBe(once)
  const carried = await traced(begun('push:1'), undefined, async () => carriedOn('card:1'))
  expect(await traced(begun('card:1', carried), undefined, async () => traceId())).toBe(once)
  expect(traceOfJob('card:1', { trace: carried })).toBe(once)
  expect(traceOfJob('push:1', {})).toBe(once)
})

test('runs beside each other keep their ids apart, and what one has set going outlives it without', async () => {
  const later = Promise.withResolvers<string | undefined>()
  const ids = await Promise.all(
    ['a', 'b', 'c'].map((root) =>
      traced(begun(root), undefined, async () => {
        if (root === 'a') setTimeout(() => later.resolve(traceId()), 30)
        await delay(5)
        return traceId()
      }),
    ),
  )
  expect(ids).toEqual(['a', 'b', 'c'].map(traceOf))
  expect(await later.promise).toBeUndefined()
  expect(traceId()).toBeUndefined()
})

test('a run tells what was done in it under the id that it turned out to belong to, and what it follows from', async () => {
  const taken: [string, Run][] = []
  const tracing = { take: (trace: string, run: Run) => void taken.push([trace, run]) }
  const carried = await traced({ name: 'take chat', attributes: {} }, tracing, async () =>
    carriedOn('press:1'),
  )
  await traced(begun('press:1', carried), tracing, async () => {
    noteSpan('decide', 1000)
    joinTrace('f'.repeat(32))
  })
  const [[first, taking], [second, run]] = taken as [[string, Run], [string, Run]]
  expect(first).toBe(traceOf('press:1'))
  expect(second).toBe('f'.repeat(32))
  expect(run.from).toEqual({ trace: first, run: taking.id })
  expect(run.done).toMatchObject([{ name: 'decide', start: 1000 }])
  const failing = traced(begun('x'), tracing, () => Promise.reject(new Error('the disk')))
  await expect(failing).rejects.toThrow('the disk')
  expect(taken.at(-1)![1].failure).toBe('the disk')
})

test('a line of the log bears the id, and none outside', async () => {
  const lines: { trace?: string }[] = []
  const log = createLog({ write: (line) => lines.push(JSON.parse(line)) }).child({ part: 'engine' })
  log.info({}, 'before')
  await traced(begun('push:1'), undefined, async () => log.info({}, 'meanwhile'))
  expect(lines.map((one) => one.trace)).toEqual([undefined, traceOf('push:1')])
})

test('configured by an address, headers that are secrets, and a share', () => {
  const read = (text: string) => readConfig(`${MINIMAL}tracing: ${text}\n`)
  const config = read(
    '{ otlp: "http://127.0.0.1:4318", headers: { authorization: Bearer-0001 }, sample: 0.1 }',
  )
  expect(config.tracing).toEqual({
    otlp: 'http://127.0.0.1:4318/v1/traces',
    headers: { authorization: 'Bearer-0001' },
    sample: 0.1,
  })
  expect(secretsOf(config)).toContain('Bearer-0001')
  expect(read('{ otlp: "https://tempo.example/otlp/v1/traces" }').tracing?.otlp).toBe(
    'https://tempo.example/otlp/v1/traces',
  )
  expect(() => read('{ otlp: "ftp://a" }')).toThrow('tracing.otlp')
  expect(() => read('{ otlp: "http://a", sample: 2 }')).toThrow('tracing.sample')
})

test('nothing of OpenTelemetry is loaded unless it is asked for', () => {
  const root = join(import.meta.dirname, '../..')
  const eager = globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
    importsOf(readFileSync(join(root, file), 'utf8'))
      .filter(({ isLazy, typeOnly }) => !isLazy && !typeOnly)
      .filter(({ specifier }) => /^@opentelemetry\/|tracing\/otlp\.ts$/.test(specifier ?? ''))
      .map(() => file),
  )
  expect(new Set(eager)).toEqual(new Set(['src/tracing/otlp.ts']))
})
