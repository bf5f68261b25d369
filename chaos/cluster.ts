import { createServer } from 'node:net'
import { type Balancer, startBalancer } from './balancer.ts'
import { configText, type Fleet, pushTo } from './fleet.ts'
import { createRandom } from './random.ts'
import { createService, type Program, type Service } from './service.ts'

/** All instances of the service, on one store. */
export interface Cluster {
  instances: readonly Service[]
  /** Some instance takes pushes. */
  readonly isUp: boolean
  /** Starts those that do not live; resolves when all are ready. */
  startAll(): Promise<void>
  /** Ends them as a supervisor does; resolves with the exit codes. */
  stopAll(): Promise<(number | null)[]>
  /** Leaves nothing running. */
  close(): Promise<void>
}

export interface ClusterOptions {
  folder: string
  size: number
  storeUrl: string
  seed: number
  /** Default: the service as it is. */
  program?: Program
}

/** Makes the instances, and tells the cloud where to push: to the only one, or to what stands before several. */
export async function createCluster(fleet: Fleet, options: ClusterOptions): Promise<Cluster> {
  const { folder, size, storeUrl, seed, program } = options
  const ports = await freePorts(size, seed)
  const instances = ports.map((port, index) =>
    createService(folder, `breakerbot-${index}`, configText(fleet, port, storeUrl), port, program),
  )
  const urls = instances.map((one) => one.url)
  const balancer: Balancer | undefined =
    size > 1 ? await startBalancer(urls, createRandom(seed, 'balancer')) : undefined
  pushTo(fleet, balancer?.url ?? urls[0]!)
  return {
    instances,
    get isUp() {
      return instances.some((one) => one.isUp)
    },
    async startAll() {
      const dead = instances.filter((one) => !one.isAlive)
      await Promise.all(dead.map((one) => one.start().ready))
    },
    stopAll: () => Promise.all(instances.map((one) => one.stop())),
    async close() {
      // What went wrong before is what counts.
      await Promise.all(instances.map((one) => one.kill().catch(() => {})))
      await balancer?.close()
    },
  }
}

/** Free ports below those that the system gives to outgoing connections, so that none is taken between two lives. */
async function freePorts(count: number, seed: number): Promise<number[]> {
  const random = createRandom(process.pid ^ seed, 'port')
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = 20_000 + random.below(10_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const probe = createServer().once('error', () => resolve(false))
  probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  return promise
}
