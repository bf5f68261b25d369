import { connect, createServer } from 'node:net'
import { createDingWays, type DingName } from '../../../src/channels/dingtalk/ding.ts'
import {
  createDingTalkSim,
  type DingTalkFault,
  type DingTalkSim,
  dingTalkFaults,
} from '../../../src/simulator/dingtalk/index.ts'
import { closedPort } from '../../support/closed-port.ts'
import { createRecorder } from '../../support/recorder.ts'
import type { Trouble, WayRig } from './rig.ts'
import { countSockets } from './sockets.ts'

export const APP = { clientId: 'dingapp1', clientSecret: 'app-secret-1' }
export const DING_PATH = '/v1.0/robot/ding/send'

export interface DingRig extends WayRig {
  sim: DingTalkSim
  used: string[]
  ways: ReturnType<typeof createDingWays>
}

export async function createDingRig(within: number, name: DingName): Promise<DingRig> {
  const sim = await createDingTalkSim()
  sim.addApp(APP)
  sim.addUser({ userId: 'elec7', name: '电工甲' })
  sim.addUser({ userId: 'guest', name: '访客', outsider: true })
  const { log, lines } = createRecorder()
  const used: string[] = []
  const all = (apiBase: string) =>
    createDingWays({
      ...APP,
      apiBase,
      log,
      within,
      now: sim.clock.now,
      onUse: (kind, usedUp) => void used.push(usedUp ? `${kind} used up` : kind),
    })
  /** One of three; the others end with it. */
  const one = (ways: ReturnType<typeof all>) => ({
    ...ways[name],
    stop: async () => void (await Promise.all(Object.values(ways).map((way) => way.stop()))),
  })
  const door = await openDoor(Number(new URL(sim.url).port))
  const ways = all(door.url)
  return {
    sim,
    used,
    ways,
    way: one(ways),
    again: () => one(all(door.url)),
    nowhere: async () => one(all(`http://127.0.0.1:${await closedPort()}`)),
    to: 'elec7',
    taken: async () => sim.dings.map(({ content }) => content),
    begun: () => sim.calls.filter((entry) => entry.kind === 'request' && entry.path === DING_PATH).length,
    connections: door.connections,
    get secrets() {
      return [APP.clientSecret, ...sim.secrets]
    },
    lines,
    hurt: (trouble) => void hurt(sim, TROUBLE[trouble]),
    async close() {
      await sim.close()
      await door.close()
    },
  }
}

/** In front of the simulator, to count who is there. */
async function openDoor(behind: number) {
  const server = createServer((socket) => {
    const inner = connect(behind, '127.0.0.1')
    socket.pipe(inner).pipe(socket)
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      one.on('error', () => other.resetAndDestroy())
      one.on('close', () => other.destroy())
    }
  })
  const connections = countSockets(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const close = () => new Promise((resolve) => server.close(resolve))
  return { url: `http://127.0.0.1:${port}`, connections, close }
}

export const hurt = (sim: DingTalkSim, effect: DingTalkFault) =>
  sim.faults.add({ when: ({ path }) => path === DING_PATH, effect })

const TROUBLE: Record<Trouble, DingTalkFault> = {
  reset: dingTalkFaults.reset('before'),
  hang: dingTalkFaults.hang(),
  html: dingTalkFaults.unavailable(),
  torn: dingTalkFaults.reset('body'),
  drip: dingTalkFaults.latency(60_000),
}
