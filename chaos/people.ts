import { newestCard, type SeenCard } from './chats.ts'
import { type Breaker, chatsOf, type Fleet, type Member, OPERATORS, PEOPLE, type Platform } from './fleet.ts'
import type { Deed, Ledger } from './ledger.ts'
import type { Random } from './random.ts'

/** What people type, by what it asks for. */
const LINES = {
  ack: '确认',
  reclose: '合闸',
  confirm: '确认合闸',
  cancel: '取消',
  open: '分闸',
  energy: '电量',
} as const
type Typed = keyof typeof LINES

/** The people in the chats: mostly sensible, sometimes not, and some of them without any right. */
export function createPeople(fleet: Fleet, ledger: Ledger, typesOn: readonly Platform[]) {
  function note(deed: Omit<Deed, 'at'>): void {
    ledger.deeds.push({ at: Date.now(), ...deed })
  }

  /** Somebody looks at the newest card of a breaker and does the next thing. */
  function lookAfter(breaker: Breaker, random: Random): void {
    const platform = random.chance(0.6) ? 'telegram' : random.pick(chatsOf(breaker.room))
    const seen = newestCard(fleet, breaker, platform, OPERATORS[0]!)
    if (!seen) return
    const action = nextAction(seen, random)
    if (action === undefined) return
    const who = personFor(action, seen, random)
    if (typesOn.includes(platform) && random.chance(0.25)) {
      type(breaker, platform, who, action)
      return
    }
    const seenButton = () =>
      newestCard(fleet, breaker, platform, who)?.buttons.find((one) => one.action === action)
    const button = seenButton()
    if (!button) return
    note({ person: who.name, platform, breaker: breaker.id, action, by: { press: button.data } })
    button.press()
    // Impatient fingers press twice: that is one deed.
    const again = random.chance(0.1) ? seenButton() : undefined
    if (again?.data === button.data) again.press()
  }

  function nextAction({ buttons }: SeenCard, random: Random): Typed | undefined {
    const there = buttons.map((one) => one.action)
    const has = (action: string) => there.includes(action)
    if (has('confirm')) return random.chance(0.85) ? 'confirm' : 'cancel'
    if (has('ack') && random.chance(0.4)) return 'ack'
    if (has('reclose')) return 'reclose'
    return has('energy') && random.chance(0.1) ? 'energy' : undefined
  }

  /** A confirming step mostly by the one who may take it. */
  function personFor(action: Typed, { text }: SeenCard, random: Random): Member {
    if (random.chance(0.1)) return random.pick(PEOPLE)
    const asker = OPERATORS.find((one) => text.includes(`${one.name} 请求合闸`))
    if (action === 'confirm' && asker && !text.includes('另一人')) return asker
    return random.pick(OPERATORS.filter((one) => action !== 'confirm' || one !== asker))
  }

  function type(breaker: Breaker, platform: Platform, who: Member, action: Typed): void {
    const { room } = breaker
    const line = `${LINES[action]} ${breaker.name}`
    note({ person: who.name, platform, breaker: breaker.id, action, by: { line } })
    if (platform === 'telegram') fleet.telegram.say(room.telegram, who.telegram, line)
    else if (platform === 'dingtalk') fleet.dingtalk.say(room.dingtalk!, who.id, line, { at: true })
    else fleet.wecom.say(room.wecom!, who.id, line)
  }

  return {
    lookAfter,
    /** Somebody has a breaker opened, which needs no confirming step. */
    open: (breaker: Breaker, random: Random) => type(breaker, 'telegram', random.pick(OPERATORS), 'open'),
  }
}
