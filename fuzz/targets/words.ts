import fc from 'fast-check'
import { readArrange } from '../../src/domain/arrange-words.ts'
import { COMMANDS, parseCommand } from '../../src/domain/command.ts'
import { periodOf, readEnergy } from '../../src/domain/energy-asked.ts'
import { findAtStart, findBreaker, findPlace } from '../../src/domain/find-breaker.ts'
import { readHistory, splitPage } from '../../src/domain/history.ts'
import { askedPeriod } from '../../src/domain/report-asked.ts'
import { asCode, createBindCodes } from '../../src/engine/bind-codes.ts'
import { createEnergyLinks } from '../../src/engine/energy-links.ts'
import { createTokens } from '../../src/text/tokens.ts'
import { torn } from '../mutate.ts'
import { LINES, NOW } from '../samples.ts'
import { claim, target } from '../target.ts'

const ZONE = 'Asia/Shanghai'
const BREAKERS = [
  ['820720', '3号增氧机', '一号鱼塘'],
  ['820721', 'pump 2 (left)', 'constructor'],
].map(([id, name, site]) => ({
  id: id!,
  name: name!,
  site: site!,
  room: 'night',
  ratedCurrent: 60,
  circuits: { power: '' },
  groups: ['增氧', '__proto__'],
  remoteClose: true,
}))
const place = {
  breakers: BREAKERS,
  people: [{ name: '甲' }, { name: '乙' }],
  room: 'night',
  person: '甲',
  now: NOW,
  timezone: ZONE,
}

const lines = torn(
  fc.oneof(
    fc.constantFrom(...LINES),
    fc.tuple(fc.constantFrom(...LINES), fc.constantFrom(...LINES)).map((both) => both.join(' ')),
    fc
      .tuple(
        fc.constantFrom('电量 ', 'status ', '历史 ', '静音 ', 'cover '),
        fc.constantFrom(
          'constructor',
          '__proto__',
          '99:99',
          '0000-00-00',
          '9999-12-31',
          '2月30日',
          '-1',
          '1e9h',
        ),
      )
      .map((both) => both.join('')),
  ),
  4,
)

function probeLine(line: string): void {
  const parsed = parseCommand(line)
  if (parsed.kind === 'unknown') claim(parsed.word.length <= 40, 'a word grows')
  const rest = parsed.kind === 'command' ? parsed.rest : line
  if (parsed.kind === 'command') claim(COMMANDS.includes(parsed.command), 'a command')
  findBreaker(BREAKERS, rest)
  findAtStart(BREAKERS, rest)
  findPlace(BREAKERS, rest, 'night')
  const { day } = readHistory(splitPage(rest).rest, NOW, ZONE)
  claim(!day || (Number.isFinite(day.from) && day.to > day.from), `day ${JSON.stringify(day)}`)
  const { period } = readEnergy(rest, () => false)
  if (period) checkPeriod(periodOf(period, NOW, ZONE))
  for (const every of ['day', 'week', 'month'] as const) {
    const number = askedPeriod(every, rest, NOW, ZONE)
    claim(number === undefined || Number.isSafeInteger(number), `period ${number}`)
  }
  checkArranged(parsed.kind === 'command' ? parsed.command : 'mute', rest)
}

function checkPeriod({ from, to }: { from: number; to: number }): void {
  claim(Number.isFinite(from) && Number.isFinite(to) && to > from, `period ${from} to ${to}`)
}

function checkArranged(command: (typeof COMMANDS)[number], rest: string): void {
  const read = readArrange(command, rest, place)
  if (typeof read !== 'object' || !('arrange' in read)) return
  const { arrange } = read
  const when = arrange.do === 'set' ? arrange.when : arrange.do === 'cover' ? arrange : undefined
  if (when && 'until' in when)
    claim(Number.isFinite(when.from) && Number.isFinite(when.until), `arranged ${JSON.stringify(when)}`)
}

const tokens = createTokens(new Uint8Array(32).fill(7))
const codes = createBindCodes('the secret of the fuzzing')
const links = createEnergyLinks(new Uint8Array(32).fill(7), 'https://bots.example')
const GOOD = tokens.seal({ action: 'reclose', breaker: '820720', id: 'abc', version: 3, nonce: 'k7q' })
const CODE = codes.make('telegram', { kind: 'person', name: '甲' }, NOW).code
const LINK = links.make({ breakers: ['820720'], from: 0, to: 1000, by: 'hour' }, NOW)!

export const words = [
  target({ name: 'typed-line', weight: 4, inputs: lines, probe: probeLine }),
  target({
    name: 'button',
    weight: 2,
    inputs: torn(fc.constant(GOOD)),
    probe(data: string) {
      claim(data === GOOD || tokens.open(data) === undefined, 'a button that was not sealed here opens')
    },
  }),
  target({
    name: 'bind-code',
    weight: 1,
    inputs: torn(fc.constantFrom(CODE, CODE.toLowerCase(), LINES[23]!)),
    probe(text: string) {
      const code = asCode(text)
      if (code === undefined || code === CODE) return
      const found = codes.read(code, 'telegram', [{ kind: 'person', name: '甲' }], NOW)
      claim(typeof found === 'string', 'a code that was not made here is right')
    },
  }),
  target({
    name: 'energy-link',
    weight: 1,
    inputs: torn(fc.constant(LINK)),
    probe(link: string) {
      const query = Object.fromEntries(new URLSearchParams(link.split('?')[1] ?? ''))
      const known = Object.fromEntries(new URL(LINK).searchParams)
      const isSame = Object.keys(known).every((key) => query[key] === known[key])
      const more = Object.keys(query).length > Object.keys(known).length
      claim(
        links.read(query, NOW) === undefined || (isSame && !more),
        'an address that was not made here opens',
      )
    },
  }),
]
