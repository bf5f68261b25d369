import type { DingTalkSim } from '../../src/simulator/dingtalk/index.ts'
import type { TelegramSim } from '../../src/simulator/telegram/index.ts'
import type { WeComSim } from '../../src/simulator/wecom/index.ts'
import { until } from '../support/until.ts'

/** The people of the tests, by what they are called in the configuration. */
export const PEOPLE = {
  甲: { telegram: 101, id: 'jia' },
  乙: { telegram: 102, id: 'yi' },
  场长: { telegram: 103, id: 'boss' },
  看客: { telegram: 104, id: 'viewer' },
  生人: { telegram: 109, id: 'stranger' },
} as const
export type Who = keyof typeof PEOPLE

/** A card as members of a chat see it. */
export interface SeenCard {
  text: string
  buttons: string[]
}

/** One chat of one platform, as a person in it sees and uses it: the same for all three. */
export interface Chat {
  name: 'telegram' | 'dingtalk' | 'wecom'
  /** Everything that stands in the chat now, cards as they look now. */
  texts(): string[]
  /** The newest card. */
  card(): SeenCard | undefined
  /** How many cards were sent. */
  cards(): number
  /** Presses a button of the newest card; resolves with what the presser alone is told, where the platform shows it. */
  press(who: Who, button: string): Promise<string | undefined>
  /** A press that stands for no button: any data. */
  forge(who: Who, data: string): Promise<string | undefined>
  say(who: Who, text: string): void
}

export const GROUP = { telegram: -1001234567890, dingtalk: 'cidGROUP1==', wecom: 'wrGROUP1' } as const

export function telegramChat(sim: TelegramSim): Chat {
  const cards = () => sim.messages(GROUP.telegram).filter((one) => one.keyboard.length > 0)
  const lastCard = () => cards().at(-1)
  return {
    name: 'telegram',
    texts: () => sim.messages(GROUP.telegram).map((one) => one.text),
    card() {
      const last = lastCard()
      return last && { text: last.text, buttons: last.keyboard.flat().map((one) => one.text) }
    },
    cards: () => cards().length,
    async press(who, button) {
      const { answered } = sim.press(GROUP.telegram, lastCard()!.id, PEOPLE[who].telegram, { text: button })
      return (await answered)?.text
    },
    async forge(who, data) {
      const { answered } = sim.press(GROUP.telegram, lastCard()!.id, PEOPLE[who].telegram, { data })
      return (await answered)?.text
    },
    say: (who, text) => void sim.say(GROUP.telegram, PEOPLE[who].telegram, text),
  }
}

export function dingtalkChat(sim: DingTalkSim): Chat {
  const view = (track: string) => sim.view(track, PEOPLE.甲.id)
  const text = (track: string) => {
    const { title, markdown, tips } = view(track).variables
    return [title, markdown, tips].filter(Boolean).join('\n')
  }
  const last = () => sim.cards(GROUP.dingtalk).at(-1)
  const tipsFor = (track: string, who: Who) => String(sim.view(track, PEOPLE[who].id).variables.tips ?? '')
  return {
    name: 'dingtalk',
    texts: () =>
      sim.messages(GROUP.dingtalk).map((one) => (one.kind === 'card' ? text(one.outTrackId) : one.text)),
    card() {
      const card = last()
      return (
        card && { text: text(card.outTrackId), buttons: view(card.outTrackId).buttons.map((one) => one.text) }
      )
    },
    cards: () => sim.cards(GROUP.dingtalk).length,
    async press(who, button) {
      const track = last()!.outTrackId
      const pressed = sim.view(track, PEOPLE[who].id).buttons.find((one) => one.text === button)
      if (!pressed) throw new Error(`no button ${button}`)
      await sim.click(PEOPLE[who].id, track, pressed.id).outcome
      return tipsFor(track, who)
    },
    async forge(who, data) {
      const track = last()!.outTrackId
      await sim.forgePress({
        user: PEOPLE[who].id,
        outTrackId: track,
        actionId: 'ack',
        params: { id: 'ack', data },
      }).outcome
      return tipsFor(track, who)
    },
    say: (who, text) => void sim.say(GROUP.dingtalk, PEOPLE[who].id, text, { at: true }),
  }
}

export function wecomChat(sim: WeComSim): Chat {
  const cards = () => sim.messages(GROUP.wecom).flatMap((one) => one.taskId ?? [])
  const seen = (task: string, who: Who = '甲') => {
    const view = sim.cardAsSeenBy(task, PEOPLE[who].id)
    if (!view) return undefined
    const rows = view.rows.map((row) => `${row.keyname} ${row.value}`)
    return { text: [view.title, view.desc, view.subTitle, ...rows].join('\n'), buttons: view.buttons }
  }
  return {
    name: 'wecom',
    texts: () =>
      sim.messages(GROUP.wecom).map((one) => (one.taskId ? (seen(one.taskId)?.text ?? '') : one.text)),
    card() {
      const task = cards().at(-1)
      const view = task && seen(task)
      return view ? { text: view.text, buttons: view.buttons.map((one) => one.text) } : undefined
    },
    cards: () => cards().length,
    async press(who, button) {
      const task = cards().at(-1)!
      const found = seen(task, who)?.buttons.find((one) => one.text === button)
      if (!found) throw new Error(`no button ${button}`)
      await sim.click(task, PEOPLE[who].id, found.key).outcome
      return seen(task, who)?.text
    },
    async forge(who, data) {
      const task = cards().at(-1)!
      await sim.forgeClick({ taskId: task, userid: PEOPLE[who].id, key: data }).outcome
      return seen(task, who)?.text
    },
    say: (who, text) => void sim.say(GROUP.wecom, PEOPLE[who].id, text),
  }
}

/** Waits until the newest card of a chat says all of it and has all of the buttons. */
export function untilCard(chat: Chat, says: string | RegExp, buttons: string[] = []): Promise<SeenCard> {
  return until(
    () => {
      const card = chat.card()
      const fits = card && (typeof says === 'string' ? card.text.includes(says) : says.test(card.text))
      return fits && buttons.every((one) => card.buttons.includes(one)) ? card : undefined
    },
    `a card in ${chat.name} that says ${says} with [${buttons}]; there is ${JSON.stringify(chat.texts().slice(-3))}`,
  )
}

/** Waits until something in a chat says it: on a platform that cannot change cards, a message tells. */
export function untilSaid(chat: Chat, says: string | RegExp): Promise<string> {
  return until(
    () => chat.texts().findLast((text) => (typeof says === 'string' ? text.includes(says) : says.test(text))),
    `«${says}» in ${chat.name}`,
  )
}
