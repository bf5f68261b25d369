import { TELEGRAM_TOKEN } from '../../chaos/fleet.ts'
import { type ApiCall, type TelegramFault, telegramFaults } from '../../src/simulator/telegram/index.ts'
import { type FaultKind, over, sometimes } from './kind.ts'

const isSend = ({ method }: ApiCall) => /^(send|edit)/.test(method)
const isAny = () => true

/** Hits about so many of the calls that match. */
function hits(
  effect: TelegramFault,
  which: (call: ApiCall) => boolean = isAny,
  share = 0.6,
): FaultKind['begin'] {
  return (place) => {
    const meets = sometimes(place, share)
    const when = (call: ApiCall) => which(call) && meets()
    return place.fleet.telegram.faults.add({ when, times: Infinity, effect })
  }
}

const botId = Number(TELEGRAM_TOKEN.split(':')[0])

export const TELEGRAM: readonly FaultKind[] = [
  { name: '429', begin: hits(telegramFaults.tooMany(3), isSend) },
  { name: '500', begin: hits(telegramFaults.internal()) },
  { name: '502 page', begin: hits(telegramFaults.badGateway()) },
  { name: '504 page', begin: hits(telegramFaults.gatewayTimeout()) },
  { name: '200 page', begin: hits(telegramFaults.portal()) },
  { name: 'slow', begin: hits(telegramFaults.slow(4000)) },
  { name: 'byte by byte', begin: hits(telegramFaults.slow(3000, true), isSend) },
  { name: 'half an answer', losesAnswers: true, begin: hits(telegramFaults.truncated(), isSend, 0.5) },
  { name: 'reset before', begin: hits(telegramFaults.reset('before')) },
  { name: 'reset after', losesAnswers: true, begin: hits(telegramFaults.reset('after'), isSend, 0.5) },
  { name: 'hung', losesAnswers: true, begin: hits(telegramFaults.hang(), isAny, 0.4) },
  { name: 'answers lost', losesAnswers: true, begin: hits(telegramFaults.hang(true), isSend, 0.4) },
  { name: 'token refused', begin: hits(telegramFaults.unauthorized(), isAny, 1) },
  {
    name: 'connection refused',
    losesAnswers: true,
    begin({ fleet: { telegram } }) {
      const down = telegram.goOffline()
      return () => void down.then(() => telegram.goOnline())
    },
  },
  { name: 'second poller', begin: ({ fleet }) => fleet.telegram.secondPoller() },
  {
    name: 'kicked from the group',
    shuts: true,
    begin({ fleet: { telegram }, room }) {
      telegram.kickBot(room.telegram)
      return () => telegram.setMember(room.telegram, botId, 'member')
    },
  },
  {
    name: 'card deleted by a person',
    deletes: true,
    begin({ fleet: { telegram }, room }) {
      const card = telegram.messages(room.telegram).findLast((one) => one.keyboard.length > 0)
      if (card) telegram.deleteMessage(room.telegram, card.id)
      return over
    },
  },
  {
    name: 'updates come again',
    begin({ fleet }) {
      fleet.telegram.redeliver(5)
      return over
    },
  },
  {
    name: 'clock jumps',
    begin({ fleet, random }) {
      fleet.telegram.clock.advance(random.between(5000, 40_000))
      return over
    },
  },
]
