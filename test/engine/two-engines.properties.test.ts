import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Receive } from '../../src/channels/channel.ts'
import { type BreakerState, circuitState } from '../../src/domain/breaker.ts'
import type { Incident } from '../../src/domain/incident.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { CAUSES } from '../../src/domain/report.ts'
import { cardOf, GROUP, PUMP, type Rig, startRig, testPolicy, texts } from './rig.ts'

const DEVICES = [PUMP, '820721'] as const
const NAMES = { [PUMP]: '3号增氧机', '820721': '投饵机' } as const
type Device = (typeof DEVICES)[number]

/** One thing that comes in: a push, or a line that somebody types. */
type Push = { do: 'push'; device: Device } & (
  | { kind: 'event' | 'state'; power: '0' | '1'; fault?: string; name?: 'trip' | 'btn' }
  | { kind: 'offline' | 'online' }
)
interface Line {
  do: 'say'
  device: Device
  who: '1' | '2'
  words: '确认' | '合闸' | '确认合闸' | '取消' | '分闸'
}
type Step = Push | Line

const device = fc.constantFrom(...DEVICES)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ device, fault: fc.constantFrom(...CAUSES) })
      .map((one) => ({ do: 'push', kind: 'event', power: '0', name: 'trip', ...one }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ device, power: fc.constantFrom('0' as const, '1') })
      .map((one) => ({ do: 'push', kind: 'state', ...one }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ device, power: fc.constantFrom('0' as const, '1') })
      .map((one) => ({ do: 'push', kind: 'event', name: 'btn', ...one }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ device, kind: fc.constantFrom('offline' as const, 'online') })
      .map((one) => ({ do: 'push', ...one }) as const),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        device,
        who: fc.constantFrom('1' as const, '2'),
        words: fc.constantFrom('确认' as const, '合闸', '确认合闸', '取消', '分闸'),
      })
      .map((one) => ({ do: 'say', ...one }) as const),
  },
)

/** On WeCom changes are told together, after a while: how many messages that makes is a matter of time. */
const { rooms, ...rest } = testPolicy()
const POLICY: Policy = {
  ...rest,
  rooms: rooms.map((room) => ({ ...room, chats: room.chats.filter((one) => one.channel !== 'wecom') })),
}

interface Engines {
  rig: Rig
  stop(): Promise<void>
  /** How each of them takes what is typed. */
  receive: Receive[]
  pushes: Rig['engine']['pushes'][]
}

async function engines(count: 1 | 2, conflicts: readonly boolean[]): Promise<Engines> {
  const rig = await startRig({ policy: POLICY, still: true })
  const receive = [rig.telegram.receive]
  const pushes = [rig.engine.pushes]
  const stops = [rig.stop]
  if (count === 2) {
    const other = await startRig({ policy: POLICY, beside: rig })
    receive.push(rig.telegram.receive)
    pushes.push(other.engine.pushes)
    stops.unshift(other.stop)
  }
  const { commit } = rig.store
  let commits = 0
  // As if another had been faster: the decision is thrown away, and made again.
  rig.store.commit = (one) =>
    (one.writes?.length ?? 0) > 0 && conflicts[commits++] ? Promise.resolve('conflict') : commit(one)
  const stop = async () => {
    for (const one of stops) await one()
  }
  return { rig, receive, pushes, stop }
}

function bodyOf(push: Push, mid: string, ts: number): object {
  const { device, kind } = push
  if (!('power' in push)) return { type: kind, device, mid, ts }
  const { power, fault, name } = push
  return { type: kind, device, mid, ts, data: { name, state: { power, ...(fault && { fault }) } } }
}

/** Gives each step to all engines at once, and waits until nothing is left to do. */
async function play(
  { rig, receive, pushes }: Engines,
  steps: readonly Step[],
  conflicts: readonly boolean[],
): Promise<void> {
  const settled = async () => {
    // An event that met five conflicts is decided upon again after 50 ms.
    for (let met = 0; met <= conflicts.length; met += 5) {
      rig.clock.ahead += 50
      await rig.settled()
    }
  }
  const start = rig.now() - steps.length
  for (const [index, step] of steps.entries()) {
    if (step.do === 'push') {
      const body = bodyOf(step, `m${index}`, start + index)
      await Promise.all(pushes.map((one) => one.take(body, JSON.stringify(body))))
    } else {
      // What a person sees before acting.
      await settled()
      const text = `${step.words} ${NAMES[step.device]}`
      const sender = { id: step.who }
      const line = {
        kind: 'text',
        id: `line${index}`,
        chat: GROUP.telegram,
        group: true,
        sender,
        text,
      } as const
      await Promise.all(receive.map((one) => one({ ...line, at: rig.now() }).taken))
      // A person's line and a push that comes with it are decided upon in either order.
      await settled()
    }
  }
  await settled()
}

/** How everything stands, and what was done about it. */
async function endOf(rig: Rig) {
  const breakers = await Promise.all(
    DEVICES.map(async (device) => {
      const state = (await rig.store.get<BreakerState>(`breaker/${device}`))?.value
      const { position, opening, operation, incident } = state ? circuitState(state, 'power') : {}
      const open = incident && (await rig.store.get<Incident>(`incident/${incident}`))?.value
      return {
        device,
        online: state?.online,
        position,
        opening,
        operation: operation && { to: operation.to, stage: operation.stage, by: operation.askedBy.person },
        open: open && { cause: open.cause, owner: open.owner?.person, repeats: open.repeats },
      }
    }),
  )
  const incidents = (await rig.store.list<Incident>({ kind: 'incident' })).map((one) => one.value)
  return {
    breakers,
    incidents: incidents.map(({ breaker, cause, status }) => `${breaker} ${cause} ${status}`).sort(),
    commands: rig.cloud.commands,
    // In order for each breaker: of two breakers neither waits for the other.
    audit: Object.groupBy(
      (await rig.store.audit({ limit: 1000 })).map(({ who, what, subject }) => `${subject} ${who} ${what}`),
      (line) => line.split(' ', 1)[0]!,
    ),
    said: texts(rig.dingtalk).length,
    dead: (await rig.store.deadJobs()).length,
  }
}

test('two engines that get everything at the same time come to the end of one, each effect once', async () => {
  const seen = { commands: 0, incidents: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 12 }),
      fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)), { maxLength: 60 }),
      async (steps, conflicts) => {
        const [one, two] = [await engines(1, []), await engines(2, conflicts)]
        await play(one, steps, conflicts)
        await play(two, steps, conflicts)
        const [expected, found] = [await endOf(one.rig), await endOf(two.rig)]
        expect(found).toEqual(expected)
        for (const channel of [two.rig.telegram, two.rig.dingtalk]) {
          const keys = channel.shown.map((shown) => shown.key)
          expect(keys).toEqual([...new Set(keys)])
        }
        const cards = two.rig.dingtalk.shown.flatMap((shown) => cardOf(shown)?.subject ?? [])
        expect(cards).toEqual([...new Set(cards)])
        await Promise.all([one.stop(), two.stop()])
        seen.commands += found.commands.length
        seen.incidents += found.incidents.length
      },
    ),
    { numRuns: 12 },
  )
  expect(seen.incidents).toBeGreaterThan(3)
}, 120_000)
