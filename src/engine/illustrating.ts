import type { Content } from '../channels/channel.ts'
import type { Chart } from '../domain/chart.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Painted } from '../pictures/painter.ts'
import { chartText } from '../text/chart-text.ts'
import { textChart } from '../text/text-chart.ts'
import type { Lookup, Parts } from './parts.ts'

/** Puts charts with texts. */
export type Illustrating = ReturnType<typeof createIllustrating>
type Illustrated = Pick<Extract<Content, { text: string }>, 'text' | 'picture'>

/** So many pictures are kept for the other chats of a room, and for a send that is tried again. */
const KEPT = 8

/** Puts a chart with a text: as a picture where the chat can show one, else in the text itself. */
export function createIllustrating(parts: Parts, lookup: Lookup) {
  const { painter } = parts
  /** By what is to be seen on them, the oldest first. */
  const pictures = new Map<string, Promise<Painted | undefined>>()

  function picture(chart: Chart, chat: ChatRef): Promise<Painted | undefined> {
    const said = chartText(chart, lookup.locale(chat), lookup.timezone(chat))
    const key = JSON.stringify(said)
    const painted = pictures.get(key) ?? painter!.paint(said)
    pictures.delete(key)
    pictures.set(key, painted)
    for (const oldest of pictures.keys()) if (pictures.size > KEPT) pictures.delete(oldest)
    void painted.then((one) => {
      // What came to nothing may go well the next time.
      if (!one && pictures.get(key) === painted) pictures.delete(key)
    })
    return painted
  }

  /** True where it would be a picture. */
  const canShow = ({ channel }: ChatRef) =>
    painter !== undefined &&
    parts.policy.pictures !== false &&
    parts.channels.get(channel)?.abilities.pictures === true

  async function illustrated(text: string, chart: Chart, chat: ChatRef): Promise<Illustrated> {
    const instead = textChart(chart, lookup.locale(chat), lookup.timezone(chat))
    const painted = canShow(chat) ? await picture(chart, chat) : undefined
    return painted ? { text, picture: { ...painted, instead } } : { text: `${text}\n\n${instead}` }
  }

  return { illustrated, canShow }
}
