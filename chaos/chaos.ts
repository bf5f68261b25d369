import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allStanding } from './chats.ts'
import { accepted, checkAlarms, countDoubles, saysNothing } from './check-alarms.ts'
import { checkPositions } from './check-positions.ts'
import { checkControl, checkEnds, permitsIn } from './check-switching.ts'
import { configText, createFleet, type Fleet, pushTo } from './fleet.ts'
import { startFlow } from './flow.ts'
import { liveAndDie, planKills } from './kills.ts'
import type { Ledger } from './ledger.ts'
import { createRandom } from './random.ts'
import { comeToRest } from './rest.ts'
import { createService, type Service } from './service.ts'
import { readState } from './state.ts'
import type { Facts, Violation } from './verdict.ts'

export interface ChaosOptions {
  kills: number
  trips: number
  breakers: number
  seed: number
  /** Told of each kill. */
  progress?: (kills: number) => void
}

export interface ChaosReport {
  ledger: Ledger
  /** What is counted, in words. */
  counts: Record<string, number>
  violations: Violation[]
  /** Where store, log and evidence lie; only after a violation. */
  folder?: string
  seconds: number
}

/** What one life takes, ms: start, some work, the kill. */
const LIFE = 1700

/** Runs the whole thing: work and kills, then rest, then the verdict from what the simulators saw. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const begun = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-chaos-'))
  const fleet = await createFleet(options.breakers, options.seed)
  const port = await freePort()
  const service = createService(folder, configText(fleet, port), port)
  pushTo(fleet, port)
  const ledger: Ledger = { trips: [], deeds: [], kills: [] }
  try {
    const ends = await live(options, { fleet, service, ledger, folder })
    const kept = readState(join(folder, 'breakerbot.db'))
    const facts: Facts = { fleet, ledger, standing: allStanding(fleet), kept }
    const { doubles, violations } = judge(facts, ends)
    if (violations.length > 0) writeEvidence(folder, facts, violations)
    else rmSync(folder, { recursive: true, force: true })
    return {
      ...{ ledger, violations, counts: countAll(facts, doubles) },
      ...(violations.length > 0 && { folder }),
      seconds: (performance.now() - begun) / 1000,
    }
  } finally {
    // What went wrong before is what counts.
    await service.kill().catch(() => {})
    await fleet.close()
  }
}

function judge(facts: Facts, ends: Violation[]) {
  const doubles = countDoubles(facts)
  const violations = [
    ...ends,
    ...checkAlarms(facts),
    ...checkControl(facts),
    ...checkEnds(facts),
    ...checkPositions(facts),
    ...doubles.violations,
    ...facts.kept.dead.map((job) => ({ rule: 'given up', what: `${job.id}: ${job.why}`, evidence: job })),
  ]
  return { doubles, violations }
}

interface Scene {
  fleet: Fleet
  service: Service
  ledger: Ledger
  folder: string
}

/** All lives and the last, quiet one. Gives what was wrong with its end. */
async function live(options: ChaosOptions, scene: Scene): Promise<Violation[]> {
  const { fleet, service, ledger, folder } = scene
  const { kills, trips, seed } = options
  const tripEvery = (kills * LIFE * 0.6) / trips
  const flow = startFlow(fleet, ledger, {
    ...{ seed, trips, tripEvery },
    deedEvery: Math.min(100, tripEvery / 5),
    patience: 8000,
    isUp: () => service.isUp,
  })
  const wal = join(folder, 'breakerbot.db-wal')
  try {
    for (const plan of planKills(kills, seed)) {
      await liveAndDie({ service, fleet, flow, ledger, wal }, plan)
      options.progress?.(ledger.kills.length)
    }
    await service.start().ready
    await flow.tripped
  } finally {
    await flow.stop()
  }
  const restless = await comeToRest(scene)
  const audit = await service.run('audit')
  const code = await service.stop()
  return [
    ...restless,
    ...(audit.code === 0 ? [] : [{ rule: 'audit', what: audit.out.trim(), evidence: audit }]),
    ...(code === 0 ? [] : [{ rule: 'stop', what: `ended with exit code ${code}`, evidence: {} }]),
  ]
}

function countAll({ fleet, ledger, standing, kept }: Facts, doubles: { cards: number; texts: number }) {
  const permits = permitsIn(kept.audit)
  return {
    kills: ledger.kills.length,
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
    'cards twice (under way at a kill)': doubles.cards,
    'texts twice (under way at a kill)': doubles.texts,
    'entries in the audit': kept.audit.length,
  }
}

function writeEvidence(
  folder: string,
  { fleet, ledger, standing, kept }: Facts,
  violations: Violation[],
): void {
  const { calls, pushes } = fleet.cloud
  const incidents = kept.incidents
  const evidence = {
    violations,
    ledger,
    standing,
    incidents,
    cloud: { calls, pushes },
    telegram: fleet.telegram.calls,
  }
  writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence, null, 1))
}

/** A free port below those that the system gives to outgoing connections, so that none takes it between two lives. */
async function freePort(): Promise<number> {
  const random = createRandom(process.pid, 'port')
  for (;;) {
    const port = 20_000 + random.below(10_000)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const probe = createServer().once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    if (await promise) return port
  }
}
