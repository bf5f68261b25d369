import { make, refill } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { read } from './api.js'
import * as asking from './asking.js'
import { drawCharts } from './charts.js'
import { button, keptBy, loadOf, positionOf } from './lists.js'

const part = (id) => document.getElementById(id)
const WEEK = 7 * 86_400_000

/** One breaker: what it is like, what can be done, and what has been. */
export function createDetail({ time, mine, refetch }) {
  let shown

  function draw(breaker) {
    const { name, site, room, online, lastReportAt, holds, rights, circuits } = breaker
    part('detail-title').textContent = name
    const reported = lastReportAt === null ? label('unheard') : label('reported', { at: time(lastReportAt) })
    const link = online === null ? [] : [label(online ? 'online' : 'offline')]
    part('facts').textContent = [site, room, ...link, loadOf(breaker), reported].join(' · ')
    part('holds').textContent = holds.map((one) => label('held-by', one)).join(' ')
    const doing = (deed) => async () => {
      await deed()
      await refetch(breaker.id)
    }
    refill(part('circuits'), ...circuits.map((one) => circuitOf(breaker, one, doing)))
    refill(
      part('hold-deeds'),
      ...(rights.includes('hold')
        ? [
            button(
              label('hold'),
              doing(() => asking.hold(breaker)),
            ),
          ]
        : []),
      ...(holds.length > 0 && rights.includes('hold')
        ? [
            button(
              label('release'),
              doing(() => asking.release(breaker)),
            ),
          ]
        : []),
    )
  }

  function circuitOf(breaker, circuit, doing) {
    const { rights } = breaker
    const { operation, incident, position } = circuit
    const deeds = []
    const offer = (key, deed, className) => deeds.push(button(label(key), doing(deed), className))
    if (operation?.nonce) {
      const isMine = operation.askedBy === mine()
      offer('confirm-close', () => asking.confirm(breaker, circuit, operation, '', isMine), 'grave')
      offer('cancel', () => asking.cancel(breaker, circuit))
    } else if (position !== 'closed' && rights.includes('close'))
      offer('close', () => asking.close(breaker, circuit), 'grave')
    if (position !== 'open' && rights.includes('open'))
      offer('open', () => asking.open(breaker, circuit), 'grave')
    if (incident && !incident.owner && rights.includes('acknowledge'))
      offer('acknowledge', () => asking.acknowledge(breaker, circuit.key))
    return make(
      'div',
      'circuit',
      make('p', '', make('strong', '', circuit.title), ' ', positionOf(circuit)),
      ...(incident ? [make('p', 'bad', `${incident.causeText} · ${time(incident.openedAt)}`)] : []),
      ...keptBy(circuit),
      make('div', 'bar', ...deeds),
    )
  }

  async function drawHistory(id) {
    const query = new URLSearchParams({ breaker: id, from: Date.now() - WEEK, limit: 500 })
    const found = await read(`/history?${query}`)
    if (!found || shown?.id !== id) return
    const lines = found.items.toReversed().map(({ at, text }) => make('li', '', `${time(at)} ${text}`))
    part('history').replaceChildren(...(lines.length > 0 ? lines : [make('li', 'soft', label('no-history'))]))
  }

  async function show(breaker, isNew = true) {
    shown = breaker
    part('detail').hidden = false
    draw(breaker)
    if (isNew) {
      part('detail').focus()
      part('detail').scrollIntoView()
      void drawCharts(breaker.id, time)
    }
    await drawHistory(breaker.id)
  }

  part('back').addEventListener('click', () => {
    part('detail').hidden = true
    shown = undefined
    part('filter').focus()
  })
  return {
    show,
    /** Draws it again if it is the one that is shown. */
    renew: (breaker) => (shown?.id === breaker.id ? show(breaker, false) : undefined),
    shown: () => shown?.id,
  }
}
