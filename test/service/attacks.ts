import { expect } from 'vitest'
import { until } from '../support/until.ts'
import { GROUP, PEOPLE, untilCard, type Who } from './chats.ts'
import type { Rig } from './rig.ts'

/** What stands on a button of the newest Telegram card. */
export function dataOf(rig: Rig, text: string): string {
  const keyboards = rig.telegram.messages(GROUP.telegram).map((one) => one.keyboard.flat())
  const found = keyboards.flat().findLast((button) => button.text === text)?.data
  if (found === undefined) throw new Error(`no button ${text}`)
  return found
}

/** A press on the newest Telegram card with any data; resolves with the toast. */
export const pressWith = async (rig: Rig, who: Who, data: string): Promise<string> =>
  (await rig.chats.telegram.forge(who, data)) ?? ''

/** What stands on the button that asked, and on the one that confirms. */
export interface Asking {
  asking: string
  confirm: string
}

/** Trips the breaker, and 甲 asks to close it again. */
export async function askToClose(rig: Rig, cause: 'overload' | 'leakage' = 'overload'): Promise<Asking> {
  await rig.cloud.trip(820720, { cause })
  await untilCard(rig.chats.telegram, cause === 'overload' ? '过载' : '漏电', ['合闸'])
  const asking = dataOf(rig, '合闸')
  await pressWith(rig, '甲', asking)
  await untilCard(rig.chats.telegram, '请求合闸', ['确认合闸'])
  return { asking, confirm: dataOf(rig, '确认合闸') }
}

/** The orders that the cloud has carried out or let pass. */
export const ordersTaken = (rig: Rig): number =>
  rig.cloud.commands.filter((one) => one.outcome === 'accepted').length

/** Waits until the audit has a line; `why` stands in its details. */
export async function untilAudited(rig: Rig, what: string, who?: string, why?: string): Promise<void> {
  await until(
    () =>
      rig
        .audit()
        .some(
          (row) =>
            row.what === what &&
            (who === undefined || row.who === who) &&
            (why === undefined || JSON.stringify(row.details).includes(why)),
        ),
    `${what} ${who ?? ''} ${why ?? ''} in ${JSON.stringify(rig.audit().map(({ who, what, details }) => [who, what, details]))}`,
  )
}

/** No order may have left, and the breaker stands as the trip left it. */
export function expectNothingDone(rig: Rig): void {
  expect(ordersTaken(rig)).toBe(0)
  expect(rig.cloud.device(820720).positions).toEqual({ power: 'open' })
}

/** A supergroup that no room has, with the bot and 甲 in it; resolves with the toast of a press there. */
export async function pressElsewhere(rig: Rig, data: string): Promise<string> {
  const elsewhere = -1009999999999
  rig.telegram.addChat({ id: elsewhere, type: 'supergroup', title: '别的群', members: [PEOPLE.甲.telegram] })
  const { messageId } = rig.telegram.say(elsewhere, PEOPLE.甲.telegram, 'x')
  const press = rig.telegram.press(elsewhere, messageId, PEOPLE.甲.telegram, { data }, { bot: 123456 })
  return (await press.answered)?.text ?? ''
}
