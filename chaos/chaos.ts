import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buttonSecret } from '../src/engine/secret.ts'
import { createTokens, type Tokens } from '../src/text/tokens.ts'
import { allStanding } from './chats.ts'
import { accepted, saysNothing } from './check-alarms.ts'
import { countConnections } from './check-connections.ts'
import { permitsIn } from './check-switching.ts'
import { type Cluster, createCluster } from './cluster.ts'
import { createFleet, type Fleet } from './fleet.ts'
import { startFlow } from './flow.ts'
import { judge, type Verdict } from './judge.ts'
import { liveAndDie } from './kills.ts'
import { emptyLedger, type Ledger } from './ledger.ts'
import { planKills, planTrips } from './plan.ts'
import { comeToRest } from './rest.ts'
import { readState } from './state.ts'
import { type StoreKind, type StoreUnderTest, startStore } from './store/store.ts'
import type { Facts, Violation } from './verdict.ts'

export interface ChaosOptions {
  kills: number
  trips: number
  breakers: number
  seed: number
  store: StoreKind
  /** More than one only on a store that several can share. */
  instances: number
  /** Told of each kill. */
  progress?: (kills: number) => void
}

export interface ChaosReport {
  ledger: Ledger
  /** What the verdict was formed from. */
  facts: Facts
  /** What is counted, in words. */
  counts: Record<string, number>
  violations: Violation[]
  /** Where store, log and evidence lie; only after a violation. */
  folder?: string
  seconds: number
}

/** What one life takes, ms: start, some work, the kill. */
const LIFE = 1700

interface Scene {
  fleet: Fleet
  cluster: Cluster
  store: StoreUnderTest
  ledger: Ledger
}

/** Runs the whole thing: work and kills, then rest, then the verdict from what the simulators saw. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const begun = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-chaos-'))
  const store = await startStore(options.store, folder)
  const fleet = await createFleet({ ...options, tokens: await tokensOf(store) })
  const { instances: size, seed } = options
  const cluster = await createCluster(fleet, { folder, size, seed, storeUrl: store.url })
  const scene: Scene = { fleet, cluster, store, ledger: emptyLedger() }
  let isGood = false
  try {
    const ends = await live(options, scene)
    const facts = await gather(scene)
    const verdict = judge(facts)
    const violations = [...ends, ...verdict.violations]
    const { ledger } = scene
    const seconds = (performance.now() - begun) / 1000
    const report = { ledger, facts, violations, counts: countAll(facts, verdict), seconds }
    isGood = violations.length === 0
    if (isGood) return report
    writeEvidence(folder, facts, violations)
    return { ...report, folder }
  } finally {
    await cluster.close()
    await store.close()
    await fleet.close()
    if (isGood) rmSync(folder, { recursive: true, force: true })
  }
}

/** Those that the service will use: the secret is made before its first start. */
export async function tokensOf(store: StoreUnderTest): Promise<Tokens> {
  const opened = await store.open()
  const tokens = createTokens(await buttonSecret(opened))
  await opened.close()
  return tokens
}

/** All lives and the last, quiet one. Gives what was wrong with its end. */
async function live(options: ChaosOptions, scene: Scene): Promise<Violation[]> {
  const { fleet, cluster, store, ledger } = scene
  const { kills, trips, seed, instances } = options
  const tripEvery = (kills * LIFE * 0.6) / trips
  const flow = startFlow(fleet, ledger, {
    ...{ seed, tripEvery, plan: planTrips(trips, options.breakers, seed) },
    deedEvery: Math.min(100, tripEvery / 5),
    patience: 8000,
    isUp: () => cluster.isUp,
  })
  try {
    for (const plan of planKills({ kills, seed, instances, shared: store.befall !== undefined })) {
      await liveAndDie({ ...scene, flow }, plan)
      options.progress?.(ledger.kills.length)
    }
    await cluster.startAll()
    await flow.tripped
  } finally {
    await flow.stop()
  }
  const restless = await comeToRest(scene)
  const audit = options.store === 'sqlite' ? await cluster.instances[0]!.run('audit') : undefined
  const codes = await cluster.stopAll()
  return [
    ...restless,
    ...(audit && audit.code !== 0 ? [{ rule: 'audit', what: audit.out.trim(), evidence: audit }] : []),
    ...codes
      .filter((code) => code !== 0)
      .map((code) => ({ rule: 'stop', what: `ended with exit code ${code}`, evidence: {} })),
  ]
}

async function gather({ fleet, ledger, store }: Scene): Promise<Facts> {
  const opened = await store.open()
  try {
    return { fleet, ledger, standing: allStanding(fleet), kept: await readState(opened) }
  } finally {
    await opened.close()
  }
}

function countAll(facts: Facts, verdict: Verdict): Record<string, number> {
  const { fleet, ledger, standing, kept } = facts
  const permits = permitsIn(kept.audit)
  const connections = countConnections(facts)
  return {
    kills: ledger.kills.length,
    'kills of all instances at once': ledger.kills.filter((one) => one.victims.length > 1).length,
    ...Object.fromEntries(
      ['killed', 'frozen', 'rewriting'].map((kind) => [
        `store ${kind}`,
        ledger.mishaps.filter((one) => one.kind === kind).length,
      ]),
    ),
    trips: ledger.trips.length,
    'trips answered 200': accepted(ledger.trips).length,
    'of them nameless, of one not known to be closed': accepted(ledger.trips).filter((one) =>
      saysNothing(fleet, one),
    ).length,
    incidents: kept.incidents.length,
    'deeds of people': ledger.deeds.length,
    'closes confirmed': permits.filter((one) => one.to === '1').length,
    'opens asked': permits.filter((one) => one.to === '0').length,
    'orders at the cloud': fleet.cloud.commands.length,
    'messages in the chats': standing.length,
    'cards twice (under way at a kill)': verdict.doubles.cards,
    'texts twice (under way at a kill)': verdict.doubles.texts,
    'connections of the WeCom bot': connections.made,
    'connections thrown out by another': connections.kicked,
    'entries in the audit': kept.audit.length,
  }
}

function writeEvidence(
  folder: string,
  { fleet, ledger, standing, kept }: Facts,
  violations: Violation[],
): void {
  const { calls, pushes } = fleet.cloud
  const { incidents, audit } = kept
  const evidence = {
    violations,
    ledger,
    standing,
    incidents,
    audit,
    cloud: { calls, pushes },
    telegram: fleet.telegram.calls,
    wecom: fleet.wecom.frames(),
  }
  writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence, null, 1))
}
