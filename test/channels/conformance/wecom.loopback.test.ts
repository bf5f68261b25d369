import { createWeComChannel } from '../../../src/channels/wecom/index.ts'
import { createWeComSim, type FrameMatch, type WeComSim } from '../../../src/simulator/wecom/index.ts'
import { member, textOf } from '../../../src/simulator/wecom/json.ts'
import { createRecorder } from '../../support/recorder.ts'
import { createGate } from './gate.ts'
import { recordInputs } from './recording.ts'
import {
  type ChannelRig,
  type Deed,
  each,
  GIVEN_UP,
  type Mishap,
  PING_EVERY,
  type Platform,
  type Shown,
} from './rig.ts'
import { channelConformance } from './suite.ts'
import { brokenConnections, hangConnections, refuseConnections, untilReady } from './wire.ts'

const BOT = { botId: 'BOT', secret: 'wecom-secret-7Q' }
const GROUP = 'wrGROUP'
const MEMBER = 'zhangsan'

interface Rig extends ChannelRig {
  sim: WeComSim
}

async function open({ patient = false } = {}): Promise<Rig> {
  const sim = await createWeComSim({ settings: { kickCloseDelay: 0, subscribesPerMinute: 1_000 } })
  sim.addBot(BOT)
  sim.addChat({ chatid: GROUP, members: [MEMBER], interacted: true })
  const gate = await createGate(sim.url)
  const { log, lines } = createRecorder()
  const long = 60_000
  const pauses = patient
    ? { firstPause: long, longestPause: long, refusedPauses: [long], kickedPauses: [long] }
    : { firstPause: 20, longestPause: 80, refusedPauses: [60], kickedPauses: [60] }
  const channel = createWeComChannel({
    ...BOT,
    wsUrl: `ws://${gate.host}`,
    log,
    timing: { ...pauses, pingEvery: PING_EVERY, handshakeWithin: GIVEN_UP, authWithin: GIVEN_UP },
  })
  return {
    ...{ sim, gate, channel, lines, clock: sim.clock, group: GROUP },
    ...recordInputs(channel),
    secrets: () => [BOT.secret],
    shown: () => shown(sim),
    async press(message, data) {
      return (await sim.click(message, MEMBER, data).outcome) === 'updated'
    },
    write: (text) => sim.say(GROUP, MEMBER, text).msgid,
    connections: gate.open,
    attempts: () => sim.frames().filter(({ cmd }) => cmd === 'aibot_subscribe').length,
    close: () => sim.close(),
  }
}

function shown(sim: WeComSim): Shown[] {
  const own = sim.messages(GROUP).filter(({ from, hidden }) => 'bot' in from && !hidden)
  return own.map(({ text, taskId, msgtype, body }) => {
    const picture = msgtype === 'image' && sim.media(textOf(member(body, 'image'), 'media_id') ?? '')
    if (picture) return { text, buttons: [], links: [], picture }
    const card = taskId === undefined ? undefined : sim.cardAsSeenBy(taskId, MEMBER)
    if (!card) return { text, buttons: [], links: text.match(/\]\(|<\/?\w/g) ?? [] }
    const { title, desc, subTitle, rows, buttons } = card
    const read = [title, desc, subTitle, ...rows.map(({ keyname, value }) => `${keyname} ${value}`)]
    return {
      text: read.join('\n'),
      buttons: buttons.map((button) => button.text),
      links: buttons.flatMap(({ url }) => url ?? []),
    }
  })
}

const UPLOAD = 'aibot_upload_media_init'
/** The message of a picture. */
const image: FrameMatch = { cmd: 'aibot_send_msg', when: ({ body }) => body.msgtype === 'image' }
const DELIVERED = { outcome: 'delivered' } as const
const SHOWN = { texts: 1, pictures: 1, words: 0 }
const IN_WORDS = { texts: 1, pictures: 0, words: 1 }
const NO_PICTURE = { texts: 1, pictures: 0, words: 0 }
const NOTHING = { texts: 0, pictures: 0, words: 0 }

const NO_UPDATES = 'WeCom changes a card only as the answer to a press on it'

type Row = Record<Deed, Mishap<Rig> | string>
const row = (cause: Mishap<Rig>['cause'], rest: Omit<Mishap<Rig>, 'cause'>): Row => ({
  ...each({ cause, ...rest }),
  update: NO_UPDATES,
})

/** A card has an idempotency key, its task_id; a text has none. */
function unsure(cause: Mishap<Rig>['cause'], done: 0 | 1): Row {
  const rest = { cause, becomes: { outcome: 'unknown' } as const, seen: done }
  return { card: { ...rest, again: 1 }, text: { ...rest, again: done + 1 }, update: NO_UPDATES }
}

const fail =
  (errcode: number) =>
  ({ sim }: Rig) =>
    void sim.faults.failNext({ errcode })

/** The wire is cut as soon as the frame has come. */
const thenReset = ({ gate }: Rig): FrameMatch => ({
  when: () => {
    setImmediate(gate.reset)
    return true
  },
})
const gone = (code: string) => ({ outcome: 'refused', gone: 'chat', code }) as const
const NOT_OVER_A_SOCKET = 'nothing but frames comes over a WebSocket'

const unreachable = { state: 'waiting', says: /No connection to WeCom/ } as const
/** First it is only quiet. */
const silent = { state: 'waiting', says: /No connection to WeCom|answered nothing/ } as const

/** The connection is lost, and no other is upgraded until this is taken back. */
const noUpgrade =
  (status: number) =>
  ({ sim, gate }: Rig) => {
    const takeBack = sim.faults.refuseUpgrade(status, Number.POSITIVE_INFINITY)
    gate.reset()
    return takeBack
  }

function duplicated({ sim }: Rig, deed: () => string | undefined): void {
  sim.faults.duplicateNextCallback(1)
  deed()
}

const wecom: Platform<Rig> = {
  name: 'wecom',
  open,
  rows: {
    'throttled, and told how long': 'WeCom tells no wait',
    'throttled, and not told': row(fail(846607), {
      becomes: { outcome: 'later', retryAfter: 5000, wholeChat: true, code: '846607' },
      seen: 0,
      again: 1,
    }),
    'monthly quota used up': 'WeCom counts no month',
    'bot taken out of the chat': row(
      ({ sim }) => sim.addChat({ chatid: GROUP, members: [MEMBER], botMember: false }),
      { becomes: gone('93001'), seen: 0 },
    ),
    'chat gone': row(fail(93006), { becomes: gone('93006'), seen: 0 }),
    'chat moved': 'a chat of WeCom keeps its id',
    'card template missing': 'the cards of WeCom are built in',
    'permission missing': 'a bot in API mode has no permissions to be granted',
    'credentials refused': 'the secret travels with the subscription only',
    'credential expired once': row((rig) => fail(846609)(rig) ?? untilReady(rig), {
      becomes: { outcome: 'later', retryAfter: 2000, wholeChat: true, code: '846609' },
      seen: 0,
      again: 1,
    }),
    'server error': row(fail(-1), {
      becomes: { outcome: 'later', retryAfter: 1000, code: '-1' },
      seen: 0,
      again: 1,
    }),
    slow: row(({ sim }) => sim.faults.delayAck(100), { becomes: { outcome: 'delivered' }, seen: 1 }),
    'web page in place of an answer': NOT_OVER_A_SOCKET,
    'torn answer': 'an answer that cannot be read names no command, and is as good as none',
    'answer lost after the work': unsure((rig) => {
      rig.sim.faults.dropAck(thenReset(rig))
      return untilReady(rig)
    }, 1),
    'gateway gave up after the work': NOT_OVER_A_SOCKET,
    'connection lost before the work': unsure((rig) => {
      rig.sim.faults.swallow(thenReset(rig))
      return untilReady(rig)
    }, 0),
    'no answer in time': unsure(({ sim }) => void sim.faults.swallow(), 0),
    'connection refused': row(refuseConnections, {
      becomes: { outcome: 'later', retryAfter: 3000, wholeChat: true },
      seen: 0,
      again: 1,
    }),
    hung: unsure(hangConnections, 0),
  },
  largestPicture: 10 * 1024 * 1024,
  pictures: {
    'upload refused': {
      cause: ({ sim }) => void sim.faults.failNext({ errcode: 45009, cmd: UPLOAD }),
      becomes: DELIVERED,
      seen: IN_WORDS,
    },
    'upload slow': {
      cause: ({ sim }) => sim.faults.delayAck(100, { cmd: UPLOAD }),
      becomes: DELIVERED,
      seen: SHOWN,
    },
    // Without a connection the text cannot leave either.
    'upload lost before the work': {
      cause(rig) {
        rig.sim.faults.swallow({ ...thenReset(rig), cmd: UPLOAD })
        return untilReady(rig)
      },
      becomes: { outcome: 'later', wholeChat: true },
      seen: NOTHING,
      again: SHOWN,
    },
    'upload lost after the work': {
      cause(rig) {
        rig.sim.faults.dropAck({ ...thenReset(rig), cmd: 'aibot_upload_media_finish' })
        return untilReady(rig)
      },
      becomes: { outcome: 'later', wholeChat: true },
      seen: NOTHING,
      again: SHOWN,
    },
    'upload not answered': {
      cause: ({ sim }) => void sim.faults.swallow({ cmd: UPLOAD }),
      becomes: DELIVERED,
      seen: IN_WORDS,
    },
    'credential expired once': {
      cause(rig) {
        rig.sim.faults.failNext({ errcode: 846609, cmd: UPLOAD })
        return untilReady(rig)
      },
      becomes: { outcome: 'later', wholeChat: true },
      seen: NOTHING,
      again: SHOWN,
    },
    'text throttled': {
      cause: ({ sim }) => void sim.faults.failNext({ errcode: 846607, cmd: 'aibot_send_msg' }),
      becomes: { outcome: 'later', wholeChat: true, code: '846607' },
      seen: NOTHING,
      again: SHOWN,
    },
    'chat gone': {
      cause: ({ sim }) => void sim.faults.failNext({ errcode: 93006, cmd: 'aibot_send_msg' }),
      becomes: gone('93006'),
      seen: NOTHING,
    },
    'picture refused after its text': {
      cause: ({ sim }) => void sim.faults.failNext({ errcode: 40007, ...image }),
      becomes: DELIVERED,
      seen: IN_WORDS,
    },
    'picture not answered after its text': {
      cause: ({ sim }) => void sim.faults.swallow(image),
      becomes: DELIVERED,
      seen: NO_PICTURE,
    },
    'connection refused': {
      cause: refuseConnections,
      becomes: { outcome: 'later', wholeChat: true },
      seen: NOTHING,
      again: SHOWN,
    },
    // While the upload waits, the connection is given up.
    hung: { cause: hangConnections, becomes: { outcome: 'later' }, seen: NOTHING, again: SHOWN },
  },
  troubles: {
    ...brokenConnections(unreachable, silent),
    'server error': { cause: noUpgrade(503), health: unreachable },
    'web page in place of an answer': { cause: noUpgrade(200), health: unreachable },
    'torn answer': { cause: ({ sim }) => sim.faults.sendRaw('{"cmd":"aibot_msg_callback","head') },
    'credentials refused': {
      cause({ sim, gate }) {
        sim.addBot({ ...BOT, secret: 'another' })
        gate.reset()
        return () => sim.addBot(BOT)
      },
      health: { state: 'failed', says: /channels\.wecom\.secret/ },
      spacing: 60,
    },
    'second instance': {
      cause: ({ sim }) => sim.faults.kick(),
      health: { state: 'failed', says: /Another instance uses this bot/ },
    },
  },
  twice: { press: duplicated, text: duplicated },
  answerWindow: 5000,
}

channelConformance(wecom)
