import { createDingTalkChannel } from '../../../src/channels/dingtalk/index.ts'
import {
  createDingTalkSim,
  type DingTalkFault,
  type DingTalkSim,
  dingTalkFaults as faults,
} from '../../../src/simulator/dingtalk/index.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
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
import { brokenConnections, hangConnections, refuseConnections } from './wire.ts'

const APP = { clientId: 'dingapp1', clientSecret: 'app-secret-1' }
const GROUP = 'cidGroup1=='
const MEMBER = 'elec7'

interface Rig extends ChannelRig {
  sim: DingTalkSim
}

async function open({ patient = false } = {}): Promise<Rig> {
  const sim = await createDingTalkSim({ behaviour: { closeAfterDisconnect: 0 } })
  sim.addApp(APP)
  sim.addUser({ userId: MEMBER, name: '电工甲' })
  sim.addGroup({ conversationId: GROUP, title: '配电群', members: [MEMBER], robots: [APP.clientId] })
  const gate = await createGate(sim.url)
  const { log, lines } = createRecorder()
  const pauses = patient ? { firstPause: 60_000, longestPause: 60_000 } : { firstPause: 20, longestPause: 80 }
  const channel = createDingTalkChannel({
    ...APP,
    apiBase: `http://${gate.host}`,
    oapiBase: sim.url,
    log,
    timing: {
      ...pauses,
      pingEvery: PING_EVERY,
      openWithin: GIVEN_UP,
      callWithin: GIVEN_UP,
      uploadWithin: 2000,
    },
  })
  return {
    ...{ sim, gate, channel, lines, clock: sim.clock, group: GROUP },
    ...recordInputs(channel),
    secrets: () => [...sim.secrets],
    shown: () => shown(sim),
    async press(message, data) {
      return (await sim.click(MEMBER, message, data).outcome) === 'updated'
    },
    write: (text) => sim.say(GROUP, MEMBER, text, { at: true }),
    // Not counted: what `fetch` keeps for the next call, which holds no process and ends by itself.
    connections: () => sim.sockets.length,
    attempts: () => sim.counters.opens,
    close: () => sim.close(),
  }
}

function shown(sim: DingTalkSim): Shown[] {
  return sim.messages(GROUP).flatMap((message): Shown[] => {
    if (message.kind === 'user') return []
    if (message.kind === 'robot') {
      const picture = sim.media(String(message.content.photoURL))
      if (picture) return [{ text: '', buttons: [], links: [], picture }]
      const links = message.type === 'sampleText' ? [] : linksOf(message.text)
      return [{ text: message.text, buttons: [], links }]
    }
    const { variables, buttons } = sim.view(message.outTrackId, MEMBER)
    const { title, markdown, tips } = variables
    const text = [title, markdown, tips].filter((part) => typeof part === 'string').join('\n')
    return [{ text, buttons: buttons.map((button) => button.text), links: linksOf(String(markdown)) }]
  })
}

/** Of markdown, of HTML in it, and bare addresses. */
const linksOf = (text: string) => text.match(/\]\(|<\/?\w|\w:\/\//g) ?? []

/** A fault that hits the next message. */
const hurt = (effect: DingTalkFault) => (rig: Rig) => {
  rig.sim.faults.add({ when: ({ path }) => /^\/v1\.0\/(card|robot)\//.test(path), effect })
}

const hurtUpload = (effect: DingTalkFault) => (rig: Rig) => {
  rig.sim.faults.add({ when: ({ path }) => path === '/media/upload', effect })
}
/** The message of a picture. */
const hurtPicture = (effect: DingTalkFault) => (rig: Rig) => {
  rig.sim.faults.add({
    when: ({ body }) => JSON.stringify(body)?.includes('sampleImageMsg') === true,
    effect,
  })
}
const DELIVERED = { outcome: 'delivered' } as const
const SHOWN = { texts: 1, pictures: 1, words: 0 }
const IN_WORDS = { texts: 1, pictures: 0, words: 1 }
const NO_PICTURE = { texts: 1, pictures: 0, words: 0 }
const NOTHING = { texts: 0, pictures: 0, words: 0 }

type Row = Record<Deed, Mishap<Rig>>
const row = (cause: Mishap<Rig>['cause'], rest: Omit<Mishap<Rig>, 'cause'>): Row => each({ cause, ...rest })

/** A card has an idempotency key and an update can be repeated; a text of the robot has none. */
function unsure(cause: Mishap<Rig>['cause'], done: 0 | 1): Row {
  const repeatable: Mishap<Rig> = { cause, becomes: { outcome: 'later' }, seen: done, again: 1 }
  return {
    card: repeatable,
    text: { cause, becomes: { outcome: 'unknown' }, seen: done, again: done + 1 },
    update: repeatable,
  }
}

const LATER = { outcome: 'later' } as const
const DENIED = 'Forbidden.AccessDenied.'
const OUT_OF_REACH = 'DingTalk changes a card by its own id, wherever it stands'
const lost = (cause: Mishap<Rig>['cause'], code: string): Record<Deed, Mishap<Rig> | string> => ({
  card: { cause, becomes: { outcome: 'refused', gone: 'chat' }, seen: 0 },
  text: { cause, becomes: { outcome: 'refused', gone: 'chat', code }, seen: 0 },
  update: OUT_OF_REACH,
})

const unreachable = { state: 'waiting', says: /No connection to DingTalk/ } as const

/** The connection is lost, and the gateway gives no other until this is taken back. */
const noGateway =
  (effect: DingTalkFault) =>
  ({ sim, gate }: Rig) => {
    const when = ({ path }: { path: string }) => path === '/v1.0/gateway/connections/open'
    const takeBack = sim.faults.add({ when, times: Number.POSITIVE_INFINITY, effect })
    gate.reset()
    return takeBack
  }

/** A press comes again only for as long as nobody has acknowledged it. */
async function pressedAgain({ engine, inputs }: Rig, deed: () => string | undefined): Promise<void> {
  const stored = Promise.withResolvers<void>()
  engine.receive = () => ({ taken: stored.promise })
  deed()
  deed()
  await until(() => inputs.length === 2, 'both')
  stored.resolve()
  engine.receive = () => ({})
}

const dingtalk: Platform<Rig> = {
  name: 'dingtalk',
  open,
  rows: {
    'throttled, and told how long': 'DingTalk tells the end of a throttling in words at most',
    'throttled, and not told': row(hurt(faults.qpsOfApp()), {
      becomes: { outcome: 'later', retryAfter: 1000, code: `${DENIED}QpsLimitForAppkeyAndApi` },
      seen: 0,
      again: 1,
    }),
    'monthly quota used up': row(hurt(faults.monthlyQuota()), {
      becomes: { outcome: 'refused', code: `${DENIED}ApiCountLimitForOrg` },
      says: /monthly API quota/,
      seen: 0,
    }),
    'bot taken out of the chat': lost(
      ({ sim }) => sim.removeRobot(GROUP, APP.clientId),
      'resource.not.found',
    ),
    'chat gone': lost(({ sim }) => sim.dissolveGroup(GROUP), 'invalid.openConversationId'),
    'chat moved': 'a conversation of DingTalk keeps its id',
    'card template missing': {
      card: {
        cause: hurt(faults.templateUnpublished()),
        becomes: { outcome: 'delivered' },
        says: /plain messages.*template/,
        seen: 1,
      },
      text: 'a text needs no template',
      update: 'a card that stands has its template',
    },
    'permission missing': {
      ...row(hurt(faults.scopeMissing(['Some.Scope'])), {
        becomes: { outcome: 'refused', code: `${DENIED}AccessTokenPermissionDenied` },
        says: /lacks a permission/,
        seen: 0,
      }),
      card: {
        cause: hurt(faults.scopeMissing(['Card.Instance.Write'])),
        becomes: { outcome: 'delivered' },
        says: /lacks the permission Card\.Instance\.Write/,
        seen: 1,
      },
    },
    'credentials refused': row(
      ({ sim }) => {
        sim.addApp({ ...APP, clientSecret: 'another' })
        sim.expireTokens()
        return () => sim.addApp(APP)
      },
      {
        becomes: { outcome: 'later', retryAfter: 60_000, code: 'invalidClientIdOrSecret' },
        says: /channels\.dingtalk\.clientSecret/,
        seen: 0,
        again: 1,
      },
    ),
    'credential expired once': row(({ sim }) => sim.expireTokens(), {
      becomes: { outcome: 'delivered' },
      seen: 1,
    }),
    'server error': unsure(hurt(faults.unavailable()), 0),
    slow: row(hurt(faults.latency(100)), { becomes: { outcome: 'delivered' }, seen: 1 }),
    'web page in place of an answer': row(hurt(faults.ipBan('html')), {
      becomes: { outcome: 'later', retryAfter: 300_000, wholeChat: true },
      says: /blocked this IP address/,
      seen: 0,
    }),
    'torn answer': unsure(hurt(faults.malformed()), 1),
    'answer lost after the work': unsure(hurt(faults.reset('body', true)), 1),
    'gateway gave up after the work': unsure(hurt(faults.gatewayTimeout(true)), 1),
    'connection lost before the work': unsure(hurt(faults.reset('before')), 0),
    'no answer in time': unsure(hurt(faults.hang()), 0),
    'connection refused': row(refuseConnections, { becomes: LATER, seen: 0, again: 1 }),
    // Not even a token is to be had: nothing was sent.
    hung: row(hangConnections, { becomes: LATER, seen: 0, again: 1 }),
  },
  largestPicture: 20 * 1024 * 1024,
  pictures: {
    'upload refused': {
      cause: hurtUpload(faults.errcode(40006, '不合法的文件大小')),
      becomes: DELIVERED,
      seen: IN_WORDS,
    },
    'upload slow': { cause: hurtUpload(faults.latency(100)), becomes: DELIVERED, seen: SHOWN },
    'upload lost before the work': {
      cause: hurtUpload(faults.reset('before')),
      becomes: DELIVERED,
      seen: IN_WORDS,
    },
    'upload lost after the work': {
      cause: hurtUpload(faults.reset('body', true)),
      becomes: DELIVERED,
      seen: IN_WORDS,
    },
    'upload not answered': { cause: hurtUpload(faults.hang()), becomes: DELIVERED, seen: IN_WORDS },
    'credential expired once': {
      cause: ({ sim }) => sim.expireTokens(),
      becomes: DELIVERED,
      seen: SHOWN,
    },
    'text throttled': { cause: hurt(faults.qpsOfApp()), becomes: LATER, seen: NOTHING, again: SHOWN },
    'chat gone': {
      cause: ({ sim }) => sim.dissolveGroup(GROUP),
      becomes: { outcome: 'refused', gone: 'chat' },
      seen: NOTHING,
    },
    'picture refused after its text': {
      cause: hurtPicture(faults.contentUnsafe()),
      becomes: DELIVERED,
      seen: IN_WORDS,
    },
    'picture not answered after its text': {
      cause: hurtPicture(faults.hang()),
      becomes: DELIVERED,
      seen: NO_PICTURE,
    },
    'connection refused': { cause: refuseConnections, becomes: LATER, seen: NOTHING, again: SHOWN },
    // Not even a token is to be had. Afterwards the picture may go into a kept connection that is dead.
    hung: { cause: hangConnections, becomes: LATER, seen: NOTHING, again: { texts: 1, words: 0 } },
  },
  troubles: {
    ...brokenConnections(unreachable),
    'server error': { cause: noGateway(faults.systemBusy()), health: unreachable },
    'web page in place of an answer': { cause: noGateway(faults.unavailable()), health: unreachable },
    'torn answer': { cause: noGateway(faults.malformed()), health: unreachable },
    'credentials refused': {
      cause({ sim, gate }) {
        sim.addApp({ ...APP, clientSecret: 'another' })
        gate.reset()
        return () => sim.addApp(APP)
      },
      health: { state: 'failed', says: /channels\.dingtalk\.clientSecret/ },
      spacing: 40,
    },
    'second instance': 'DingTalk shares the messages among all connections of an app',
  },
  twice: {
    press: pressedAgain,
    text({ sim }, deed) {
      sim.redeliver(deed() ?? '')
    },
  },
  answerWindow: 2000,
}

channelConformance(dingtalk)
