import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { createRobotLine } from '../../../src/channels/wecom/robot-line.ts'
import { textOf } from '../../../src/channels/wecom/robot-text.ts'
import { TIMING } from '../../../src/channels/wecom/timing.ts'
import { GROUP, startSim } from '../../simulator/wecom/support.ts'
import { closedPort } from '../../support/closed-port.ts'
import { createRecorder } from '../../support/recorder.ts'
import { ROBOT, ROBOT_KEY } from './rig.ts'

function createLine(baseUrl: string, timing: Partial<typeof TIMING> = {}) {
  const clock = { now: 1_000_000 }
  const { log, lines } = createRecorder()
  const stopping = new AbortController()
  const line = createRobotLine({
    ...{ baseUrl, key: ROBOT_KEY, chat: GROUP, log, stopping: stopping.signal, now: () => clock.now },
    timing: { ...TIMING, ...timing },
  })
  onTestFinished(() => expect(lines.join() + line.trouble()).not.toContain(ROBOT_KEY))
  return { ...line, clock, lines, stop: () => stopping.abort() }
}

async function startLine() {
  const sim = await startSim()
  sim.addGroupRobot({ key: ROBOT_KEY, chatid: GROUP })
  return { sim, ...createLine(`${sim.url}/`) }
}

/** A server in the place of WeCom's; resolves with its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
}

test.for([
  [-1, 'later', 2_000],
  [45009, 'later', 60_000],
  [45033, 'later', 2_000],
  [93000, 'refused', 600_000],
  [93004, 'refused', 600_000],
  [40008, 'refused', 0],
  [40058, 'refused', 0],
  [40201, 'refused', 0],
  [47001, 'refused', 0],
  [12345, 'refused', 0],
] as const)('an errcode in HTTP 200 is an error: %i', async ([errcode, posted, pause]) => {
  const { sim, post, shutFor, clock } = await startLine()
  sim.faults.failNext({ ...ROBOT, errcode })
  expect(await post(textOf('跳闸'))).toBe(posted)
  expect(shutFor()).toBe(pause)
  clock.now += pause
  expect(shutFor()).toBe(0)
  expect(await post(textOf('跳闸'))).toBe('sent')
  expect(sim.messages(GROUP)).toHaveLength(1)
})

test.for([93000, 93004])('refused with %i it is said what to do, until it works again', async (errcode) => {
  const { sim, post, trouble, lines } = await startLine()
  sim.faults.failNext({ ...ROBOT, errcode, errmsg: `invalid webhook url ${ROBOT_KEY}`, times: 2 })
  await post(textOf('一'))
  expect(trouble()).toMatch(
    new RegExp(`WeCom chat ${GROUP} is refused \\(${errcode}: .*rooms\\[\\]\\.wecomGroupRobot`),
  )
  await post(textOf('二'))
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['error', 'warn'])
  await post(textOf('三'))
  expect(trouble()).toBeUndefined()
})

test('W2: no more than 18 in any minute, below the 20 that the robot may', async () => {
  const { post, shutFor, clock } = await startLine()
  for (let i = 0; i < 18; i++) {
    expect(shutFor()).toBe(0)
    await post(textOf('x'))
    clock.now += 1_000
  }
  expect(shutFor()).toBe(42_000)
  clock.now += 42_000
  expect(shutFor()).toBe(0)
  await post(textOf('x'))
  expect(shutFor()).toBe(1_000)
})

test('W5: nobody who could follow a redirect gets the key, and no error names it', async () => {
  const asked: (string | undefined)[] = []
  const elsewhere = await serve((request, response) => {
    asked.push(request.url)
    response.end('{"errcode":0}')
  })
  const baseUrl = await serve((request, response) => {
    response.writeHead(307, { location: `${elsewhere}${request.url}` }).end()
  })
  const { post, lines } = createLine(baseUrl)
  expect(await post(textOf('x'))).toBe('lost')
  expect(asked).toEqual([])
  expect(lines).toHaveLength(1)
})

test.for([
  ['a page', 200, '<html>proxy</html>', 'later'],
  ['no errcode', 200, '{}', 'later'],
  ['forbidden', 403, '<html>', 'later'],
  ['a gateway that gave up', 504, '<html>', 'lost'],
  ['an error that may come after the work', 500, '{}', 'lost'],
  ['neither', 200, 'ok', 'lost'],
] as const)('%s in place of an answer', async ([, status, body, posted]) => {
  const { post, shutFor } = createLine(await serve((_, response) => response.writeHead(status).end(body)))
  expect(await post(textOf('x'))).toBe(posted)
  expect(shutFor()).toBe(60_000)
})

test('nobody there: nothing was sent, and it may be tried again soon', async () => {
  const { post, shutFor, lines } = createLine(`http://127.0.0.1:${await closedPort()}`)
  expect(await post(textOf('x'))).toBe('later')
  expect(shutFor()).toBe(5_000)
  expect(lines.join()).toContain('ECONNREFUSED')
})

test('a robot that hangs is given up, at once when everything stops', async () => {
  const hanging = await serve(() => {})
  const patient = createLine(hanging)
  const impatient = createLine(hanging, { robotWithin: 50 })
  expect(await impatient.post(textOf('x'))).toBe('lost')
  expect(impatient.lines.join()).toContain('within 50 ms')
  const posted = patient.post(textOf('x'))
  patient.stop()
  expect(await posted).toBe('lost')
})
