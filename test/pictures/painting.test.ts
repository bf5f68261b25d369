import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createPainter, type PainterOptions } from '../../src/pictures/painting.ts'
import { chartText } from '../../src/text/chart-text.ts'
import { createRecorder } from '../support/recorder.ts'
import { until } from '../support/until.ts'
import { CHARTS, ZONE } from './charts.ts'

const CHART = chartText(CHARTS.hours!.chart, 'zh-CN', ZONE)
const WIDE = { deadline: 60_000 }

function painterWith(options: Partial<PainterOptions> = {}) {
  const { log, lines } = createRecorder()
  const painter = createPainter({ log, ...options })
  onTestFinished(painter.stop)
  return { ...painter, lines }
}

/** Another program in place of the one that draws, which writes down each of its processes. */
function program(does: string): { script: URL; pids: () => number[] } {
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-pictures-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [file, pids] = [join(folder, 'studio.mjs'), join(folder, 'pids')]
  writeFileSync(pids, '')
  const begin = `import { appendFileSync } from 'node:fs'
    appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n')
    const paint = (more = {}) => process.send({ png: new Uint8Array([1]), width: 1, height: 1, ...more })\n`
  writeFileSync(file, begin + does)
  return {
    script: pathToFileURL(file),
    pids: () => readFileSync(pids, 'utf8').trim().split('\n').filter(Boolean).map(Number),
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const READY = "process.send('ready')\n"

test('a chart is painted as a PNG of its size', async () => {
  const { paint, lines } = painterWith(WIDE)
  const [large, small] = await Promise.all([paint(CHART), paint({ ...CHART, size: 'small' })])
  expect(large).toMatchObject({ width: 1280, height: 720 })
  expect(small).toMatchObject({ width: 800, height: 360 })
  expect(Buffer.from(large!.png.subarray(1, 4)).toString()).toBe('PNG')
  expect(lines).toEqual([])
})

test('what cannot be drawn is no picture, and the next one is', async () => {
  const { paint, lines } = painterWith(WIDE)
  expect(await paint({ ...CHART, kind: 'line' } as never)).toBeUndefined()
  expect(lines).toEqual([
    expect.stringContaining('warn a picture could not be drawn; its chart is sent as text'),
  ])
  expect(await paint(CHART)).toBeDefined()
})

test('nothing runs before the first picture; one process draws one after the other, and ends when idle', async () => {
  const { script, pids } = program(`let busy = false
    process.on('message', async () => {
      if (busy) process.exit(1)
      busy = true
      await new Promise((resolve) => setTimeout(resolve, 20))
      busy = false
      paint()
    })\n${READY}`)
  const { paint } = painterWith({ ...WIDE, script, idle: 200 })
  expect(pids()).toEqual([])
  expect(await Promise.all([paint(CHART), paint(CHART), paint(CHART)])).not.toContain(undefined)
  const [pid] = pids()
  expect(pids()).toHaveLength(1)
  await until(() => !isAlive(pid!), 'the idle process to end')
  expect(await paint(CHART)).toBeDefined()
  expect(pids()).toHaveLength(2)
})

test('a process that is brought down costs one picture', async () => {
  const { script, pids } = program(`process.on('message', ({ title }) => {
      if (title === 'abort') process.abort()
      paint()
    })\n${READY}`)
  const { paint, lines } = painterWith({ ...WIDE, script })
  expect(await paint({ ...CHART, title: 'abort' })).toBeUndefined()
  expect(lines).toEqual([expect.stringContaining('the process that draws ended (SIGABRT)')])
  expect(await paint(CHART)).toBeDefined()
  expect(pids()).toHaveLength(2)
})

test('one that does not answer is ended at the deadline, which holds for those that wait too', async () => {
  const { script, pids } = program(`process.on('message', () => {})\n${READY}`)
  const { paint, lines } = painterWith({ script, deadline: 1500 })
  expect(await Promise.all([paint(CHART), paint(CHART)])).toEqual([undefined, undefined])
  expect(lines).toEqual([
    expect.stringContaining('it took longer than 2 s'),
    expect.stringContaining('it had to wait too long for others'),
  ])
  expect(pids().filter(isAlive)).toEqual([])
})

test('a program that is slow to begin is no sign that nothing can be drawn', async () => {
  const { script } = program('setInterval(() => {}, 1000)')
  const { paint, lines } = painterWith({ script, deadline: 100 })
  expect(await paint(CHART)).toBeUndefined()
  expect(lines).toEqual([expect.stringContaining('warn a picture could not be drawn')])
})

test('where nothing can be drawn, it is told once with what to do, and tried again only after a rest', async () => {
  let now = 0
  const { script, pids } = program(`throw new Error('Cannot find native binding')`)
  const { paint, lines } = painterWith({ ...WIDE, script, rest: 1000, clock: () => now })
  expect(await Promise.all([paint(CHART), paint(CHART)])).toEqual([undefined, undefined])
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(
    /^error no pictures can be drawn here.*npm ci.*energy\.pictures.*Cannot find native binding/,
  )
  expect(pids()).toHaveLength(1)
  now = 1000
  await paint(CHART)
  expect(pids()).toHaveLength(2)
})

test('a stop ends what is being painted and leaves nothing running', async () => {
  const { script, pids } = program(`process.on('message', () => {})\n${READY}`)
  const { paint, stop } = painterWith({ ...WIDE, script })
  const painted = paint(CHART)
  await until(() => pids().length === 1)
  await stop()
  expect(await painted).toBeUndefined()
  expect(pids().filter(isAlive)).toEqual([])
  expect(await paint(CHART)).toBeUndefined()
})

test('the process that draws knows no secret of ours', async () => {
  process.env.BREAKERBOT_TEST_SECRET = 'hidden'
  onTestFinished(() => void delete process.env.BREAKERBOT_TEST_SECRET)
  const { script } = program(
    `process.on('message', () => paint({ names: Object.keys(process.env) }))\n${READY}`,
  )
  const painted = (await painterWith({ ...WIDE, script }).paint(CHART)) as unknown as { names: string[] }
  expect(painted.names).not.toContain('BREAKERBOT_TEST_SECRET')
})
