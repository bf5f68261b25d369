import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { tokensOf } from '../chaos/chaos.ts'
import { allStanding } from '../chaos/chats.ts'
import { type Cluster, createCluster } from '../chaos/cluster.ts'
import { createFleet, type Fleet, SECRETS } from '../chaos/fleet.ts'
import { startFlow } from '../chaos/flow.ts'
import { emptyLedger, type Ledger } from '../chaos/ledger.ts'
import { readState } from '../chaos/state.ts'
import { type StoreUnderTest, startStore } from '../chaos/store/store.ts'
import type { Violation } from '../chaos/verdict.ts'
import { type Befallen, letHappen } from './befall.ts'
import { leftAtRest, type ProcessFacts } from './check-process.ts'
import { judgeSoak } from './judge.ts'
import { planFaults, planSoakTrips, TRIP_EVERY } from './plan.ts'
import { ENDING_FILE, type Ending } from './probe.ts'
import { keepSampling, sampleAtRest, takeSample } from './sampling.ts'
import { becomeReady, settle } from './settle.ts'
import { trafficOf } from './throttled.ts'
import type { SoakFacts, SoakVerdict } from './verdict.ts'

export interface SoakOptions {
  /** How long faults happen and work flows, ms; what it takes to settle comes on top. */
  ms: number
  seed: number
  /** Told now and then how long it has gone on, ms. */
  progress?: (ms: number) => void
}

export interface SoakReport extends SoakVerdict {
  /** Where store, log and evidence lie; only after a violation. */
  folder?: string
  seconds: number
}

const ROOMS = 6
const BREAKERS = 30 * ROOMS
/** Mean pause between two deeds of people, and how long an open breaker waits for somebody at its lever, ms. */
const DEED_EVERY = 700
const PATIENCE = 30_000
/** How many samples of the process are taken. */
const SAMPLES = 120
const SAMPLE_EVERY = 1000
const TELL_EVERY = 30_000
/** How long kept connections may take to be closed when all is over, ms. */
const REST_WITHIN = 60_000

interface Scene {
  folder: string
  fleet: Fleet
  cluster: Cluster
  store: StoreUnderTest
  ledger: Ledger
}

/** Runs the whole thing: work and faults, then quiet, then the verdict from what the simulators saw. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const begun = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-soak-'))
  const store = await startStore('sqlite', folder)
  const { seed } = options
  const tokens = await tokensOf(store)
  const fleet = await createFleet({ breakers: BREAKERS, rooms: ROOMS, real: true, seed, tokens })
  const endingFile = join(folder, 'ending.json')
  const file = join(import.meta.dirname, 'child.ts')
  const program = { file, flags: ['--expose-gc'], ipc: true, env: { [ENDING_FILE]: endingFile } }
  const cluster = await createCluster(fleet, { folder, size: 1, seed, storeUrl: store.url, program })
  const scene: Scene = { folder, fleet, cluster, store, ledger: emptyLedger() }
  let isGood = false
  try {
    const lived = await live(options, scene)
    const ended = await end(cluster)
    const facts = await gather(scene, folder, { ...lived, ...ended, ...readEnding(endingFile) })
    const verdict = judgeSoak(facts)
    const violations = [...lived.restless, ...verdict.violations]
    const counts = { ...verdict.counts, 'seconds to settle': lived.settled.toFixed(0) }
    const seconds = (performance.now() - begun) / 1000
    isGood = violations.length === 0
    if (isGood) return { counts, violations, seconds }
    writeEvidence(folder, facts, violations)
    return { counts, violations, seconds, folder }
  } finally {
    await cluster.close()
    await store.close()
    await fleet.close()
    if (isGood) rmSync(folder, { recursive: true, force: true })
  }
}

interface Lived extends Pick<ProcessFacts, 'samples' | 'before' | 'after'> {
  befallen: Befallen[]
  /** What did not come to its end. */
  restless: Violation[]
  /** s. */
  settled: number
}

/** The work and the faults, and what it takes until all is quiet and told. */
async function live(options: SoakOptions, scene: Scene): Promise<Lived> {
  const service = scene.cluster.instances[0]!
  await scene.cluster.startAll()
  await becomeReady(service.url)
  const child = service.child!
  const died = once(child, 'exit').then(([code]): never => {
    throw new Error(`the service has ended by itself with exit code ${code}; see ${scene.folder}`)
  })
  // It ends in the end, when nobody waits for it any more.
  died.catch(() => {})
  const before = await takeSample(child)
  const worked = await work(options, scene, child, died)
  const begun = performance.now()
  const restless = await Promise.race([settle(scene, worked.befallen), died])
  const settled = (performance.now() - begun) / 1000
  const after = await sampleAtRest(child, (sample) => leftAtRest(before, sample).length === 0, REST_WITHIN)
  return { ...worked, before, after, restless, settled }
}

async function work(
  { ms, seed, progress }: SoakOptions,
  { fleet, ledger, cluster }: Scene,
  child: ChildProcess,
  died: Promise<never>,
) {
  const planned = { ms, seed, rooms: fleet.rooms.length }
  const stop = new AbortController()
  const flow = startFlow(fleet, ledger, {
    ...{ seed, plan: planSoakTrips(planned, fleet.breakers.length), tripEvery: TRIP_EVERY },
    ...{ deedEvery: DEED_EVERY, patience: PATIENCE, typesOn: ['telegram', 'dingtalk', 'wecom'] },
    isUp: () => cluster.isUp,
  })
  const sampling = keepSampling(child, Math.max(SAMPLE_EVERY, ms / SAMPLES), stop.signal)
  const begun = performance.now()
  const telling = setInterval(() => progress?.(performance.now() - begun), TELL_EVERY)
  try {
    const happened = letHappen(fleet, planFaults(planned), seed, stop.signal)
    await Promise.race([delay(ms), died])
    stop.abort()
    return { befallen: await happened, samples: await sampling }
  } finally {
    clearInterval(telling)
    stop.abort()
    await flow.stop()
  }
}

/** Ends it as a supervisor does. */
async function end({ instances }: Cluster): Promise<Pick<ProcessFacts, 'code' | 'seconds'>> {
  const begun = performance.now()
  const code = await instances[0]!.stop()
  return { code, seconds: (performance.now() - begun) / 1000 }
}

/** Absent where the process was ended before it could write it. */
function readEnding(file: string): Pick<ProcessFacts, 'ending'> {
  return existsSync(file) ? { ending: JSON.parse(readFileSync(file, 'utf8')) as Ending } : {}
}

async function gather(
  { fleet, ledger, store }: Scene,
  folder: string,
  lived: Lived & ProcessFacts,
): Promise<SoakFacts> {
  const opened = await store.open()
  try {
    return {
      ...{ fleet, ledger, standing: allStanding(fleet), kept: await readState(opened) },
      ...{ befallen: lived.befallen, traffic: trafficOf(fleet), process: lived },
      log: readFileSync(join(folder, 'breakerbot-0.log'), 'utf8'),
      secrets: [...SECRETS, ...fleet.dingtalk.secrets],
    }
  } finally {
    await opened.close()
  }
}

function writeEvidence(folder: string, facts: SoakFacts, violations: Violation[]): void {
  const { fleet, ledger, standing, kept, befallen, traffic, process } = facts
  const { incidents, audit, dead } = kept
  const { calls, pushes } = fleet.cloud
  const evidence = {
    ...{ violations, ledger, befallen, standing, incidents, audit, dead },
    ...{ cloud: { calls, pushes }, traffic, process },
  }
  writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence, null, 1))
}
