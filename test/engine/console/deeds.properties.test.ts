import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BreakerState } from '../../../src/domain/breaker.ts'
import type { Deed } from '../../../src/engine/console/deed.ts'
import { apiPolicy } from '../../http/api/support.ts'
import { until } from '../../support/until.ts'
import { PUMP, type Rig, startRig, stateOf } from '../rig.ts'

/** What a person may ask of the pump: as typed one-to-one, and as the console asks it. */
const WORDS = {
  reclose: { line: '合闸 3号增氧机', deed: { action: 'reclose' } },
  confirm: { line: '确认合闸 3号增氧机', deed: { action: 'confirm' } },
  cancel: { line: '取消 3号增氧机', deed: { action: 'cancel' } },
  open: { line: '分闸 3号增氧机', deed: { action: 'open' } },
  hold: { line: '挂牌 3号增氧机 检修', deed: { action: 'hold', reason: '检修' } },
  release: { line: '摘牌 3号增氧机', deed: { action: 'release' } },
  lift: { line: '摘牌 3号增氧机 完工', deed: { action: 'release', reason: '完工' } },
  ack: { line: '确认 3号增氧机', deed: { action: 'ack' } },
} as const
type Word = keyof typeof WORDS

/** What happens meanwhile, and who does what: 场长 (9) is an admin, 甲 and 乙 operators, 看客 (3) a viewer. */
type Step =
  | {
      world:
        | 'overload'
        | 'short'
        | 'leakage'
        | 'closed'
        | 'opened'
        | 'minute'
        | 'switched-off'
        | 'switched-on'
    }
  | { who: '9' | '1' | '2' | '3'; word: Word }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      world: fc.constantFrom(
        'overload',
        'short',
        'leakage',
        'closed',
        'opened',
        'minute',
        'switched-off',
        'switched-on',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      who: fc.constantFrom('9', '1', '1', '2', '3'),
      word: fc.constantFrom<Word>(
        'reclose',
        'reclose',
        'confirm',
        'confirm',
        'cancel',
        'open',
        'hold',
        'release',
        'lift',
        'ack',
      ),
    }),
  },
)

const calm = (rig: Rig) =>
  until(async () => {
    const { events, commands } = await rig.store.counts()
    return !events?.oldestDue && !commands?.oldestDue && !(await rig.store.busy(`command:${PUMP}:power`))
  }, 'that all is decided')

let pushes = 0
async function happens(rig: Rig, world: Extract<Step, { world: string }>['world']): Promise<void> {
  // Reports that come one after another bear one time after another.
  const ts = rig.now() + ++pushes
  if (world === 'minute') rig.clock.ahead += 61_000
  else if (world === 'closed' || world === 'opened')
    await rig.push({ type: 'state', device: PUMP, ts, data: { power: world === 'closed' ? '1' : '0' } })
  else if (world === 'switched-off' || world === 'switched-on') {
    const lines = world === 'switched-off' ? ['停控'] : ['复控', '确认复控']
    for (const line of lines) await typed(rig, '9', line)
  } else
    await rig.push({
      type: 'event',
      device: PUMP,
      ts,
      data: { name: 'trip', state: { power: '0', fault: world } },
    })
}

let inputs = 0
/** Types a line one-to-one; answers with what the bot says there. */
async function typed(rig: Rig, who: string, text: string): Promise<string> {
  const saidTo = () => rig.telegram.shown.filter((one) => one.chat === who && 'text' in one.content)
  const before = saidTo().length
  await rig.telegram.receive({
    kind: 'text',
    id: `own${++inputs}`,
    chat: who,
    group: false,
    sender: { id: who },
    text,
    at: rig.now(),
  }).taken
  const answer = await until(() => saidTo()[before], `the answer to «${text}»`)
  return 'text' in answer.content ? answer.content.text : ''
}

async function asked(rig: Rig, who: string, word: Word): Promise<string> {
  const { console } = rig.engine
  const caller = { via: 'console', channel: 'telegram', sender: who, session: 'session/test' } as const
  const nonce = (await stateOf(rig))?.circuits.power?.operation?.nonce ?? 'none'
  const step = word === 'confirm' || word === 'cancel' ? { nonce } : {}
  const deed: Deed = { do: 'ask', breaker: PUMP, ...WORDS[word].deed, ...step }
  const told = await console.deeds.take(caller, deed)
  if (told.state === 'other' || told.state === 'waiting') throw new Error(`${word}: ${told.state}`)
  const person = console.callers.personOf(caller)!
  return console.reading.told({ caller, person, locale: 'zh-CN' }, told).answer!.text
}

/** The breaker, without what differs from one run to the next: names of things, and times. */
function plain(state: BreakerState | undefined): unknown {
  const drop = new Set(['id', 'ref', 'nonce', 'incident', 'operation', 'via', 'seen', 'chat'])
  return JSON.parse(
    JSON.stringify(state ?? null, (key, value) =>
      drop.has(key) || (typeof value === 'number' && value > 1e12) ? undefined : value,
    ),
  )
}

const auditOf = async (rig: Rig) =>
  (await rig.store.audit({ limit: 1000, subjects: [PUMP] })).map(({ who, what, details = {} }) => {
    const { operation: _, incident: __, via, ...rest } = details
    return { line: { who, what, rest }, via }
  })

test('whatever is asked by the console is decided as the same line typed in chat', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const [byChat, byConsole] = await Promise.all([
        startRig({ policy: apiPolicy() }),
        startRig({ policy: apiPolicy() }),
      ])
      const both = [byChat, byConsole]
      await Promise.all(both.map((rig) => happens(rig, 'overload')))
      await Promise.all(both.map(calm))
      for (const one of steps) {
        if ('world' in one) await Promise.all(both.map((rig) => happens(rig, one.world)))
        else {
          const [said, answered] = await Promise.all([
            typed(byChat, one.who, WORDS[one.word].line),
            asked(byConsole, one.who, one.word),
          ])
          expect(answered.replace(/\d\d:\d\d/g, '')).toBe(said.replace(/\d\d:\d\d/g, ''))
        }
        await Promise.all(both.map(calm))
        expect(byConsole.cloud.commands).toEqual(byChat.cloud.commands)
        expect(plain(await stateOf(byConsole))).toEqual(plain(await stateOf(byChat)))
      }
      const [chat, console] = await Promise.all(both.map(auditOf))
      expect(console!.map((one) => one.line)).toEqual(chat!.map((one) => one.line))
      expect(chat!.every((one) => one.via === undefined)).toBe(true)
      const people = apiPolicy().people.map((one) => one.name)
      for (const { line, via } of console!) if (people.includes(line.who)) expect(via).toBe('console')
      await Promise.all(both.map((rig) => rig.stop()))
    }),
    { numRuns: 25 },
  )
})
