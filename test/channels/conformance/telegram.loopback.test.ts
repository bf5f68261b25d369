import { createTelegramChannel } from '../../../src/channels/telegram/index.ts'
import type { TelegramFault, TelegramSim } from '../../../src/simulator/telegram/api.ts'
import { createTelegramSim, telegramFaults as faults } from '../../../src/simulator/telegram/index.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import { createGate } from './gate.ts'
import { recordInputs } from './recording.ts'
import { type ChannelRig, type Deed, each, GIVEN_UP, type Mishap, type Platform, type Shown } from './rig.ts'
import { channelConformance } from './suite.ts'
import { brokenConnections, hangConnections, refuseConnections } from './wire.ts'

const TOKEN = '900:AAE-secret_of_the_bot'
const GROUP = -200
const LI = 52

interface Rig extends ChannelRig {
  sim: TelegramSim
}

async function open({ patient = false } = {}): Promise<Rig> {
  const sim = await createTelegramSim({ conflictDelay: 20, sameOffsetDelay: 0 })
  sim.addBot({ token: TOKEN, username: 'breaker_bot' })
  sim.addUser({ id: LI, name: '李工' })
  sim.addChat({ id: GROUP, type: 'group', title: 'Night shift', members: [LI] })
  const gate = await createGate(sim.url)
  const { log, lines } = createRecorder()
  const pauses = { firstPause: 20, longestPause: 80, conflictPause: 60, refusedPause: 60 }
  const channel = createTelegramChannel({
    token: TOKEN,
    apiRoot: `http://${gate.host}`,
    mode: 'polling',
    proxy: null,
    log,
    timing: { callWithin: GIVEN_UP, hold: 1000, ...(patient ? slow(pauses) : pauses) },
  })
  return {
    ...{ sim, gate, channel, lines, clock: sim.clock, group: String(GROUP) },
    ...recordInputs(channel),
    secrets: () => ['AAE-secret'],
    shown: () => shown(sim),
    async press(message, data) {
      const answer = await sim.press(GROUP, Number(message), LI, { data }).answered
      return answer?.text !== undefined
    },
    write: (text) => String(sim.say(GROUP, LI, `/${text.replace(/ |$/, '@breaker_bot ')}`).messageId),
    connections: gate.open,
    attempts: () => sim.calls.filter(({ method }) => method === 'getMe' || method === 'getUpdates').length,
    close: () => sim.close(),
  }
}

const slow = (pauses: Record<string, number>) =>
  Object.fromEntries(Object.keys(pauses).map((name) => [name, 60_000]))

/** What Telegram itself finds in a text (addresses, names) shows where it leads; these do not. */
const LINKS = ['text_link', 'text_mention']

function shown(sim: TelegramSim): Shown[] {
  const own = sim.messages(GROUP).filter(({ from, kind }) => from === 900 && kind !== 'service')
  return own.map(({ text, entities, keyboard, file }) => ({
    ...(file && { picture: sim.file(file.id)! }),
    text,
    buttons: keyboard.flat().map((button) => button.text),
    links: entities.filter(({ type }) => LINKS.includes(type)).map(({ url, type }) => url ?? type),
  }))
}

/** A fault that hits the next message. */
const hurt = (effect: TelegramFault) => (rig: Rig) => {
  rig.sim.faults.add({ when: ({ method }) => /^(sendMessage|editMessageText)$/.test(method), effect })
}

/** A fault that hits the next message with a picture. */
const hurtPicture = (effect: TelegramFault) => (rig: Rig) => {
  rig.sim.faults.add({ when: ({ method }) => method === 'sendPhoto', effect })
}
const IN_ONE = 'Telegram shows a text of this length in one message with its picture'
const SHOWN = { texts: 1, pictures: 1, words: 0 }
const IN_WORDS = { texts: 1, pictures: 0, words: 1 }
const NOTHING = { texts: 0, pictures: 0, words: 0 }

type Row = Record<Deed, Mishap<Rig>>
const row = (cause: Mishap<Rig>['cause'], rest: Omit<Mishap<Rig>, 'cause'>): Row => each({ cause, ...rest })

/** There is no idempotency key: what was carried out is there twice after it was sent again. An edit is not. */
function unsure(cause: Mishap<Rig>['cause'], done: 0 | 1): Row {
  const sent: Mishap<Rig> = { cause, becomes: { outcome: 'unknown' }, seen: done, again: done + 1 }
  return { card: sent, text: sent, update: { cause, becomes: { outcome: 'later' }, seen: done, again: 1 } }
}

const LATER = { outcome: 'later' } as const
const throttled = { outcome: 'later', wholeChat: true, code: '429' } as const
const gone = (code: string) => ({ outcome: 'refused', gone: 'chat', code }) as const

const unreachable = { state: 'waiting', says: /Telegram does not answer/ } as const

/** A fault that hits every call until it is taken back. */
const always =
  (effect: TelegramFault) =>
  ({ sim }: Rig) =>
    sim.faults.add({ times: Number.POSITIVE_INFINITY, effect })

async function redelivered({ sim, inputs }: Rig, deed: () => string | undefined): Promise<void> {
  deed()
  await until(() => inputs.length === 1 && sim.pending() === 0, 'its confirmation')
  sim.redeliver(1)
}

const telegram: Platform<Rig> = {
  name: 'telegram',
  open,
  rows: {
    'throttled, and told how long': row(hurt(faults.tooMany(3)), {
      becomes: { ...throttled, retryAfter: 3000 },
      seen: 0,
      again: 1,
    }),
    'throttled, and not told': row(hurt({ kind: 'error', code: 429, description: 'Too Many Requests' }), {
      becomes: throttled,
      seen: 0,
      again: 1,
    }),
    'monthly quota used up': 'Telegram counts no month',
    'bot taken out of the chat': row(({ sim }) => sim.kickBot(GROUP), {
      becomes: gone('403'),
      says: /kicked/,
      seen: 0,
    }),
    'chat gone': row(({ sim }) => sim.deleteChat(GROUP), { becomes: gone('403'), says: /deleted/, seen: 0 }),
    'chat moved': {
      ...row(({ sim }) => sim.migrate(GROUP, -100_201), {
        becomes: { outcome: 'refused', code: '400', movedTo: '-100201' },
        seen: 0,
      }),
      update: 'an edit in a chat that moved is not refused with its new id (seen in the official server)',
    },
    'card template missing': 'Telegram has no templates',
    'permission missing': row(hurt(faults.noRights()), { becomes: gone('400'), says: /rights/, seen: 0 }),
    'credentials refused': row(hurt(faults.unauthorized()), {
      becomes: { outcome: 'later', code: '401' },
      seen: 0,
      again: 1,
    }),
    'credential expired once': 'a bot token does not expire',
    'server error': row(hurt(faults.internal()), { becomes: LATER, says: /500/, seen: 0, again: 1 }),
    slow: row(hurt(faults.slow(100)), { becomes: { outcome: 'delivered' }, seen: 1 }),
    'web page in place of an answer': row(hurt(faults.portal()), {
      becomes: LATER,
      says: /web page/,
      seen: 0,
      again: 1,
    }),
    'torn answer': unsure(hurt(faults.truncated()), 1),
    'answer lost after the work': unsure(hurt(faults.reset('after')), 1),
    'gateway gave up after the work': unsure(hurt(faults.gatewayTimeout(true)), 1),
    'connection lost before the work': unsure(hurt(faults.reset('before')), 0),
    'no answer in time': unsure(hurt(faults.hang()), 0),
    'connection refused': row(refuseConnections, { becomes: LATER, says: /ECONNREFUSED/, seen: 0, again: 1 }),
    hung: unsure(hangConnections, 0),
  },
  largestPicture: 10 * 1024 * 1024,
  pictures: {
    'upload refused': {
      cause: hurtPicture(faults.noRights('photos')),
      becomes: { outcome: 'delivered' },
      seen: IN_WORDS,
    },
    'upload slow': {
      cause: hurtPicture(faults.slow(100)),
      becomes: { outcome: 'delivered' },
      seen: SHOWN,
    },
    'upload lost before the work': {
      cause: hurtPicture(faults.reset('before')),
      becomes: { outcome: 'unknown' },
      seen: NOTHING,
      again: IN_WORDS,
    },
    'upload lost after the work': {
      cause: hurtPicture(faults.reset('after')),
      becomes: { outcome: 'unknown' },
      seen: SHOWN,
      again: { texts: 2, pictures: 1, words: 1 },
    },
    'upload not answered': {
      cause: hurtPicture(faults.hang()),
      becomes: { outcome: 'unknown' },
      seen: NOTHING,
      again: IN_WORDS,
    },
    'credential expired once': 'a bot token does not expire',
    'text throttled': {
      cause: hurtPicture(faults.tooMany(3)),
      becomes: { ...throttled, retryAfter: 3000 },
      seen: NOTHING,
      again: SHOWN,
    },
    'chat gone': { cause: ({ sim }) => sim.deleteChat(GROUP), becomes: gone('403'), seen: NOTHING },
    'picture refused after its text': IN_ONE,
    'picture not answered after its text': IN_ONE,
    'connection refused': { cause: refuseConnections, becomes: LATER, seen: NOTHING, again: SHOWN },
    hung: { cause: hangConnections, becomes: { outcome: 'unknown' }, seen: NOTHING, again: IN_WORDS },
  },
  troubles: {
    ...brokenConnections(unreachable),
    'server error': { cause: always(faults.internal()), health: unreachable },
    'web page in place of an answer': { cause: always(faults.portal()), health: unreachable },
    'torn answer': { cause: always(faults.truncated()), health: unreachable },
    'credentials refused': {
      cause: always(faults.unauthorized()),
      health: { state: 'failed', says: /channels\.telegram\.token/ },
      spacing: 60,
    },
    'second instance': {
      cause: ({ sim }) => sim.secondPoller(),
      health: { state: 'waiting', says: /Another instance is polling/ },
      // Where it takes over for a moment, it polls twice.
      spacing: 20,
    },
  },
  twice: { press: redelivered, text: redelivered },
  answerWindow: 15_000,
}

channelConformance(telegram)
