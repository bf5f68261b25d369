import type { Content } from '../channels/channel.ts'
import type { Chart } from '../domain/chart.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Painted } from '../pictures/painter.ts'
import type { JobResult } from '../store/store.ts'
import { type ChartText, chartText } from '../text/chart-text.ts'
import { textChart } from '../text/text-chart.ts'
import { within } from './answers.ts'
import type { Lookup, Parts } from './parts.ts'

/** Puts charts with texts. */
export type Illustrating = ReturnType<typeof createIllustrating>
type Illustrated = Pick<Extract<Content, { text: string }>, 'text' | 'picture'>

/** Nothing more can be told in a chat until then. */
type Waiting = Extract<JobResult, { waitUntil: number }>

/** So many pictures are kept for the other chats of a room, and for a send that is tried again. */
const KEPT = 8
/** A chat's turn is held up for no longer than this by a picture; afterwards alarms go first. ms */
const PATIENCE = 300

/** A picture that was asked for; it is settled once it is there, or has come to nothing. */
interface Asked {
  /** What is to be seen on it. */
  key: string
  painted: Promise<Painted | undefined>
  isSettled: boolean
}

/** Puts a chart with a text: as a picture where the chat can show one, else in the text itself. */
export function createIllustrating(parts: Parts, lookup: Lookup) {
  const { painter } = parts
  /** By what is to be seen on them, the oldest first. */
  const pictures = new Map<string, Asked>()

  function ask(said: ChartText): Asked {
    const key = JSON.stringify(said)
    const asked = pictures.get(key) ?? paint(key, said)
    pictures.delete(key)
    pictures.set(key, asked)
    // Those that are still being painted are waited for.
    const settled = [...pictures].filter(([, { isSettled }]) => isSettled)
    for (const [oldest] of settled.slice(0, -KEPT)) pictures.delete(oldest)
    return asked
  }

  function paint(key: string, said: ChartText): Asked {
    const asked: Asked = { key, painted: painter!.paint(said), isSettled: false }
    void asked.painted.then(() => {
      asked.isSettled = true
    })
    return asked
  }

  /** Undefined: there is none. */
  async function picture(chart: Chart, chat: ChatRef): Promise<Painted | undefined | Waiting> {
    const asked = ask(chartText(chart, lookup.locale(chat), lookup.timezone(chat)))
    const painted = await within(PATIENCE, asked.painted)
    if (painted) return painted
    if (!asked.isSettled) return { waitUntil: parts.now() + PATIENCE, why: 'its picture is being drawn' }
    // What came to nothing may go well the next time.
    pictures.delete(asked.key)
    return undefined
  }

  /** True where it would be a picture. */
  const canShow = ({ channel }: ChatRef) =>
    painter !== undefined &&
    parts.policy.pictures !== false &&
    parts.channels.get(channel)?.abilities.pictures === true

  async function illustrated(text: string, chart: Chart, chat: ChatRef): Promise<Illustrated | Waiting> {
    const instead = textChart(chart, lookup.locale(chat), lookup.timezone(chat))
    const painted = canShow(chat) ? await picture(chart, chat) : undefined
    if (painted && 'waitUntil' in painted) return painted
    return painted ? { text, picture: { ...painted, instead } } : { text: `${text}\n\n${instead}` }
  }

  return { illustrated, canShow }
}
