const own = (name: string) => `channels/wecom/${name}.ts`
const CONNECTION = own('connection.loopback.test')
const RETRIES = own('retries.test')
const TIMING = own('timing.test')
const SEND = own('send.loopback.test')
const PRESS = own('press.loopback.test')
const INPUTS = own('inputs.test')
const TEXT = own('text.loopback.test')
const CALLING = own('calling.loopback.test')
const LINE = own('robot-line.loopback.test')
const SECOND = own('second-way.loopback.test')
const PICTURES = own('pictures.loopback.test')
const SERVICE = 'service/wecom.loopback.test.ts'
const SHOWN = 'channels/conformance/pictures.ts'
const SIM_UPLOADS = 'simulator/wecom/uploads.loopback.test.ts'
const SDK = 'simulator/wecom/sdk.loopback.test.ts'
const ANOMALIES = 'simulator/wecom/sdk-anomalies.loopback.test.ts'

export interface Row {
  row: string
  /** What happens, and what is to come of it. */
  says: string
  /** The tests that show it: a file under `test`, and the names of tests in it. */
  shown: Record<string, string[]>
}

const row = (name: string, says: string, shown: Row['shown']): Row => ({ row: name, says, shown })

/** What may befall a bot on WeCom, and where it is shown what becomes of it. */
export const CATALOGUE: Row[] = [
  row('C1', 'valid credentials: one subscribe as the first frame; ready after its answer', {
    [CONNECTION]: ['C1: one subscribe as the first frame, ready only after its answer'],
  }),
  row('C2', 'a send before the answer: nothing is written until then', {
    [CONNECTION]: ['C2: nothing is written before the answer to the subscription'],
  }),
  row('C3', 'a subscription without an answer: given up after 10 s and tried again', {
    [CONNECTION]: ['C3: a subscription that is never answered is tried again'],
    [TIMING]: ['C3, C6, C7: what hangs is given up in time'],
  }),
  row('C4', 'wrong credentials: five tries in the first minute at most, told, mended', {
    [CONNECTION]: ['C4: wrong credentials: says so, asks ever more rarely, and recovers'],
    [RETRIES]: ['C4: refused credentials: at most five tries in the first minute, then every five at most'],
  }),
  row('C5', 'refused upgrades: pauses grow, spread, up to a limit; what waited leaves once', {
    [CONNECTION]: ['C5: refused upgrades do not end it'],
    [RETRIES]: ['C9: it never gives up; pauses double to a minute, spread by chance (%d)'],
    [SERVICE]: ['C11, S10: what waits at a graceful stop is on disk, and is there once after the restart'],
  }),
  row('C6', 'an upgrade that hangs: given up', {
    [CONNECTION]: ['C6: an upgrade that hangs is given up'],
    [TIMING]: ['C3, C6, C7: what hangs is given up in time'],
  }),
  row('C7', 'pings without answers: dead after 90 s, a new connection', {
    [CONNECTION]: ['C7: pings as long as they are answered; a silent link is replaced'],
    [TIMING]: ['C3, C6, C7: what hangs is given up in time'],
    [own('supervisor.test')]: ['ready means subscribed, and a pong in the last 75 s'],
  }),
  row('C8', 'an abrupt end amid traffic: one new connection', {
    [CONNECTION]: ['C8: an abrupt end amid traffic: one new connection, and what was on its way is unknown'],
  }),
  row('C9', 'a server that is away for long: still tried', {
    [CONNECTION]: ['C9: it bears more failures than the SDK would of itself'],
    [RETRIES]: ['C9: it never gives up; pauses double to a minute, spread by chance (%d)'],
  }),
  row('C10', 'kicked: closes at once though half alive for 313 s, three tries an hour at most, told', {
    [CONNECTION]: [
      'C10: kicked by another instance: closes at once, says so, and does not fight',
      'C10: comes back after the pause, once the other instance is gone',
    ],
    [RETRIES]: ['C10: kicked: a minute at least, and three tries in any hour at most'],
  }),
  row('C11', 'a graceful stop with messages waiting: they are kept, nothing stays open', {
    [SERVICE]: ['C11, S10: what waits at a graceful stop is on disk, and is there once after the restart'],
    [own('stop.loopback.test')]: ['stop is final when %s'],
  }),
  row('C12', 'a second instance: does not connect while the first holds the bot', {
    'service/instances.loopback.test.ts': [
      'one is connected, the other ready to take over, and does so at once when the first is stopped',
    ],
    'service/commands.loopback.test.ts': [
      'a second service on the same store is refused with a plain sentence',
    ],
  }),
  row('C13', 'frames that make no sense: logged, still ready', {
    [CONNECTION]: ['C13: frames that make no sense neither kill nor deafen it'],
  }),

  row('S1', 'an alarm: one valid card, to the group by its type, a task id of its own', {
    [SEND]: ['S1: an alert is one card, to the group by its type, under the key'],
    [own('render.test')]: ['any card is one that WeCom takes'],
  }),
  row('S2', 'busy (-1): again a little later each time', {
    [SEND]: ['S2: a busy system is asked again, a little later each time'],
  }),
  row('S3', 'too often (846607): that chat waits, others do not, order is kept', {
    [SEND]: [
      'S3: too much for one chat: that chat waits longer and longer, others do not',
      'S3: a chat that nobody has spoken in: after some tries it is said what may be missing',
    ],
  }),
  row('S4', 'many alarms at once: below the limits; the engine orders, collapses and counts by them', {
    [SEND]: ['S4: what the engine is told to keep to leaves room below what WeCom takes'],
    'engine/budgets.test.ts': [
      '40 alarms in 10 s reach a WeCom group at 25 a minute and no faster, and none is lost',
      'takers at the same moment share what there is: chat, person, topic and bot',
    ],
  }),
  row('S5', 'no answer to a card: sent again by the same task id, seen once', {
    [SEND]: [
      'S5, S6: no answer, or a late one, leaves it unknown; the same key makes it certain, and nobody sees it twice',
    ],
    [SERVICE]: ['S10: a card whose answer got lost with the connection stands once'],
  }),
  row('S6', 'a late answer completes nothing else', {
    [SEND]: [
      'S5, S6: no answer, or a late one, leaves it unknown; the same key makes it certain, and nobody sees it twice',
    ],
  }),
  row('S7', 'a chat that is gone: said at the first try, an admin is told, the others go on', {
    [SEND]: ['S7: a chat that is gone is said to be gone, at the first try'],
    'engine/undelivered.test.ts': ['is told to an admin one-to-one where no other chat works'],
  }),
  row('S8', 'a card that is refused: its facts as text, once', {
    [SEND]: ['S8: a card refused with %i goes as text, once, with the same facts'],
  }),
  row('S9', 'content that offends (40201): less of it, once', {
    [SEND]: ['S9: content that offends the anti-spam check goes as its head alone, once'],
  }),
  row(
    'S10',
    'the connection lost between write and answer, or while nothing is connected: sent once all the same',
    {
      [SERVICE]: [
        'C11, S10: what waits at a graceful stop is on disk, and is there once after the restart',
        'S10: a card whose answer got lost with the connection stands once',
      ],
    },
  ),
  row('S11', 'a text that is too long: cut between characters', {
    [SEND]: ['S11: a text that is too long is cut between characters'],
  }),
  row('S12', 'taken and never shown: counts as delivered, for it cannot be known', {
    [SEND]: ['S12: what WeCom takes and never shows counts as delivered: it cannot be known here'],
  }),

  row('I1', 'a press: the card is changed for all, one line in the audit', {
    [PRESS]: ['I1: a press is handed over, and the new card is the answer, for all'],
    [SERVICE]: ['I4: two press within the same moment: the first wins, both are answered'],
  }),
  row('I2', 'a press without the right: told to the presser alone, no command', {
    [PRESS]: ['I2: a refusal stands on the copy of the presser alone'],
    'service/main-job.loopback.test.ts': [
      'a stranger, a viewer and a press from elsewhere are refused, and nothing is switched',
    ],
  }),
  row('I3', 'the same press twice: one effect', {
    [PRESS]: ['I3: the same frame twice is one press and one answer; a second press is another'],
    'service/presses.loopback.test.ts': ['a callback delivered again by the platform: one command'],
  }),
  row('I4', 'two people within 50 ms: the first wins, both are answered', {
    [SERVICE]: ['I4: two press within the same moment: the first wins, both are answered'],
  }),
  row('I5', 'a close: the confirming step is private; one command; told by a message', {
    'service/private-steps.loopback.test.ts': ['on %s only the one who pressed is shown how to confirm'],
    'service/main-job.loopback.test.ts': [
      'trip → card → acknowledge → reclose → confirm → signed command → order push → closed',
    ],
  }),
  row('I6', 'a press that is old, after a restart, or on a card that nobody knows: no command, answered', {
    [PRESS]: ['I6: an old press is told to be old, and one on an unknown card is handed over too'],
    [SERVICE]: ['I6: an old press, one on a card that nobody knows, and one after its time do nothing'],
    'engine/forged.test.ts': ['buttons live through a restart: the secret is in the store'],
  }),
  row('I7', 'a slow cloud: answered in time, the outcome follows', {
    [PRESS]: [
      'one that comes in time is shown, though it took long',
      'one whose %s comes too late is never shown on the card',
      'by default the answer leaves within 2.5 s',
    ],
    [SERVICE]: ['I7: a cloud that is slow holds up no answer; the outcome comes as a message'],
  }),
  row('I8', 'an update that is refused: the effect stays, a warning goes as a message, no second try', {
    [PRESS]: [
      'I8: refused with %i: not tried again, the card said not to be shown, nor the toast',
      'I8: a mere notice that could not be shown is let go',
    ],
  }),
  row('I9', 'done on another platform: a new message, the old card mended at its next press', {
    [SERVICE]: [
      'I9: what is done on Telegram is told by a message, and the old card is mended at its next press',
    ],
  }),
  row('I10', 'choices as object or array, missing members: handled', {
    [INPUTS]: [
      'I10: choices may be an object, an array or nonsense: a button says it all',
      'I10: without chattype the chatid decides',
      'I10: without key, card, person or id there is nothing to hand over',
    ],
  }),

  row('M1', 'a mention in a group is answered there; what mentions nobody never comes', {
    [TEXT]: ['M1: what mentions the bot in a group is handed over without the mention; the rest never comes'],
  }),
  row('M2', 'mentions in all spellings, quotes, one-to-one without one', {
    [INPUTS]: [
      'M2, M5: in a group «%s» says «%s»',
      'a quote carries no id, so nothing is said to be answered',
    ],
    [TEXT]: ['M2: one-to-one, no mention is needed'],
  }),
  row('M3', 'a question: answered by a message of its own, cut where too long', {
    [SERVICE]: [
      'M3, M7: an answer to what was typed is a message of its own, so that no window can close on it',
    ],
    [SEND]: ['S11: a text that is too long is cut between characters'],
  }),
  row('M4', 'an unknown word: a hint; an unknown chat: how to bind it; not too often', {
    [SERVICE]: [
      'M4: an unknown word gets a short hint, and a chat that is not configured only how to bind it',
    ],
    'engine/chats.test.ts': ['gets a few answers a minute, enough to set the bot up, and no more'],
  }),
  row('M5', 'mentions of others, empty texts, pictures, voice: safe', {
    [INPUTS]: [
      'M2, M5: in a group «%s» says «%s»',
      'M5: voice comes as text, of mixed messages the words count',
      'M5: %s without words is passed over',
    ],
  }),
  row('M6', 'markup in a name: escaped', {
    [SEND]: ['M6: a name cannot become a link, a heading or a mention'],
  }),
  row('M7', 'a reply whose window has closed: there is none, as no answer uses one', {
    [SERVICE]: [
      'M3, M7: an answer to what was typed is a message of its own, so that no window can close on it',
    ],
  }),

  row('W1', 'the group robot calls on people, @all too', {
    [CALLING]: ['W1: once the card is there, the robot calls on those it mentions, @all too'],
  }),
  row('W2', '21 messages in a minute: 18 leave, the others wait', {
    [LINE]: ['W2: no more than 18 in any minute, below the 20 that the robot may'],
    [CALLING]: ['W2: 21 calls in a minute: what is too much waits, and everybody is called on'],
  }),
  row('W3', 'too often (45009): a minute at least', {
    [CALLING]: ['W3: told that it is too often, it waits a minute at least, and then calls'],
  }),
  row('W4', 'no connection: an alarm goes by the robot, marked as without buttons', {
    [SECOND]: [
      'W4: while the connection is down an alarm goes by the robot, once, and its card follows',
      'W4: so it does after another client has taken the connection over',
    ],
    [SERVICE]: ['W4: an alarm goes by the group robot, once, without buttons; the card with them follows'],
  }),
  row('W5', 'the key is in no log and no error', {
    [LINE]: ['W5: nobody who could follow a redirect gets the key, and no error names it'],
  }),

  row('P1', 'a picture: uploaded first, then its text, then the picture', {
    [PICTURES]: [
      'a picture is uploaded, and follows its text',
      'a large one goes up in parts that a slow line can take, one after the other',
    ],
    [SHOWN]: ['is shown with its text', 'is shown with a text that is long'],
    [SDK]: ['F1: media go up in chunks and can then be sent'],
  }),
  row('P2', 'one picture for several chats is uploaded once, and its media id is kept for a day', {
    [PICTURES]: ['one picture for several chats is uploaded once'],
    'channels/kit/pictures.test.ts': [
      'what failed is tried again, and so is what was forgotten or is a day old',
    ],
  }),
  row('P3', 'refused, too large, not answered, no room: words stand for the picture', {
    [PICTURES]: [
      'refused at the beginning',
      'too many uploads',
      'a part refused',
      'refused at the end',
      'a part that is not answered',
      'too large for WeCom: it is not tried',
      'a chat that has no room for a message more',
    ],
    [SIM_UPLOADS]: ['refuses %s', 'takes what it says it is: %s', 'takes 30 uploads a minute'],
  }),
  row('P4', 'the picture fails after its text is out: no failure of the message', {
    [PICTURES]: [
      'refused',
      'an error nobody knows',
      'too often',
      'not answered',
      'a media id that WeCom would not have is not used again',
    ],
    [SIM_UPLOADS]: ['knows no media of another bot'],
  }),
  row('P5', 'the text waits or is refused: no picture without it', {
    [PICTURES]: [
      'that is refused for now waits with its picture, which is not uploaded again',
      'that is refused for good takes no picture into the chat',
    ],
  }),
  row('P6', 'the connection is lost in the upload: both come later', {
    [PICTURES]: [
      'the connection is lost in the upload: nothing is there, and it comes with its picture',
      'what cannot leave while there is no connection takes no room: the picture is shown afterwards',
    ],
  }),
  row('P7', 'no connection: the group robot tells the words', {
    [PICTURES]: ['the group robot, which stands in while the bot is not connected, has the words'],
  }),

  row('F1', 'the official SDK works with the simulator', {
    [SDK]: [
      'F1: the official SDK connects, sends, hears, and updates',
      'F1: an update is taken within 5 s and once',
      'F1: an update for the presser alone leaves the others their copies',
    ],
  }),
  row('F2', 'the official SDK is kicked as it would be', {
    [SDK]: ['F2: a second client kicks the first, which the SDK takes as the end'],
  }),
  row('F3', 'the SDK’s known faults show on the simulator', {
    [ANOMALIES]: [
      'takes the late answer to one frame for the answer to the next with the same req_id',
      'opens three sockets when told to disconnect and connect back to back, and forgets one',
    ],
  }),
]

/** Rows that are shown by nothing, and why. */
export const NOT_BUILT = {
  'K1–K5':
    'the call-back mode needs a public address and can send nothing of its own accord; it is not built',
}
