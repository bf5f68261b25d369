import type { ForgedPress, Press, PressOptions, PressOutcome, SimCard } from './api.ts'
import type { Behaviour } from './behaviour.ts'
import type { Cards } from './cards.ts'
import type { Core } from './core.ts'
import { type Ack, type CardChange, decodeCardResponse, TOPIC_CARD } from './frames.ts'
import type { Pushes } from './pushes.ts'
import { fail, opaqueId } from './world.ts'

/** Presses of card buttons: the callback, its deadline, and what the ACK changes. */
export function createPresses(core: Core, cards: Cards, pushes: Pushes) {
  const forge = (press: ForgedPress): Press => {
    const card = cards.get(press.outTrackId)
    const clientId = press.clientId ?? card?.clientId ?? core.world.apps.keys().next().value
    const { promise, resolve } = Promise.withResolvers<PressOutcome>()
    const { user, outTrackId, actionId } = press
    const end = (outcome: PressOutcome) => {
      core.record.pressed(outcome)
      core.record.note({ kind: 'press', outTrackId, user, actionId, outcome })
      resolve(outcome)
    }
    const data = payload(core, card, press)
    if (!reachable(card) || !clientId || !deliver(clientId, card, user, data, end)) end('lost')
    return { outcome: promise }
  }

  /** Over the month's quota presses vanish as well (unknown; our choice). */
  const reachable = (card: SimCard | undefined): boolean =>
    (card === undefined || (card.callbackType === 'STREAM' && core.behaviour.buttonsCallBack)) &&
    (!core.behaviour.pressesCount || core.quota.takePush())

  const deliver = (
    clientId: string,
    card: SimCard | undefined,
    user: string,
    data: object,
    end: (outcome: PressOutcome) => void,
  ): boolean => {
    const until = core.clock.now() + core.behaviour.pressDeadline
    let waiting = true
    const settle = (outcome: PressOutcome) => {
      if (!waiting) return
      waiting = false
      if (card) cards.pressEnded(card.outTrackId)
      end(outcome)
    }
    const taken = pushes.deliver({ clientId, type: 'CALLBACK', topic: TOPIC_CARD, data }, (ack) => {
      const late = !waiting || core.clock.now() >= until
      if (late) settle('timed out')
      const outcome = late && !core.behaviour.lateAckApplies ? 'timed out' : apply(card, user, ack)
      settle(outcome)
      return { late }
    })
    if (!taken) return false
    if (card) cards.pressBegan(card.outTrackId)
    core.timers.after(core.behaviour.pressDeadline, () => settle('timed out'))
    return true
  }

  const apply = (card: SimCard | undefined, user: string, ack: Ack): PressOutcome => {
    const change = ack.code === 200 ? decodeCardResponse(ack.data) : undefined
    if (!change) {
      core.record.violation(`press not acknowledged with 200 and a response: ${JSON.stringify(ack)}`)
      return 'refused'
    }
    if (!card || (!change.publicData && !change.privateData)) return 'unchanged'
    cards.change(card, 'ack', forUser(change, user))
    return 'updated'
  }

  const click = (user: string, outTrackId: string, buttonId: string, options: PressOptions = {}): Press => {
    const card = cards.get(outTrackId) ?? fail(`no card ${outTrackId}`)
    if (!cards.shows(card, user)) fail(`${user} does not see card ${outTrackId}`)
    const buttons = cards.view(outTrackId, user).buttons
    const button = buttons.find(({ id }) => id === buttonId)
    if (!button?.request) {
      fail(
        `no button «${buttonId}» that calls back; there are ${JSON.stringify(buttons.map(({ id }) => id))}`,
      )
    }
    return forge({ user, outTrackId, actionId: buttonId, params: button.params, ...options })
  }
  return { forge, click }
}

export type Presses = ReturnType<typeof createPresses>

/** The presser's private part stands in the ACK without a user id (documented). */
function forUser({ privateData, ...change }: CardChange, user: string) {
  return { ...change, ...(privateData && { privateData: { [user]: privateData } }) }
}

/** The callback of «Card callback», with the variations that the behaviour or the press asks for. */
function payload(core: Core, card: SimCard | undefined, press: ForgedPress): object {
  const how: Behaviour = { ...core.behaviour, ...press }
  const { actionId, params = {}, outTrackId, user } = press
  const content = {
    cardPrivateData: {
      ...(how.pressAction !== 'params' && { actionIds: [actionId] }),
      ...(how.pressAction !== 'actionIds' && { params }),
    },
  }
  const space = press.spaceId ?? card?.spaces[0]
  const oneToOne = space?.startsWith('user:')
  return {
    type: 'actionCallback',
    outTrackId,
    corpId: core.corpId,
    userId: core.world.user(user).outsider ? opaqueId(user) : user,
    userIdType: 1,
    ...(space !== undefined &&
      how.pressWithSpace && {
        spaceId: space.replace(/^user:/, ''),
        spaceType: oneToOne ? 'IM_ROBOT' : how.pressSpaceType,
      }),
    content: how.pressContent === 'string' ? JSON.stringify(content) : content,
    ...(how.pressWithValue && { value: JSON.stringify(content) }),
    extension: '{}',
  }
}
