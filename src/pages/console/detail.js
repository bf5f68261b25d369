import { make, refill } from '../kit/dom.js'
import { currentLanguage, label } from '../kit/words.js'
import { read } from './api.js'
import * as asking from './asking.js'
import { drawCharts } from './charts.js'
import { button, keptBy, loadOf, positionOf } from './lists.js'

const part = (id) => document.getElementById(id)
const WEEK = 7 * 86_400_000
/** So many entries of the history are drawn, and asked for at a time; so many times at most. */
const [ENTRIES, PAGES] = [500, 8]
/** So many of them at once; the others when they are asked for. */
const NEWEST = 30

/** One breaker: what it is like, what can be done, and what has been. */
export function createDetail({ time, mine }) {
  let shown
  let past = { items: [] }

  const fetchOne = (id) => read(`/breakers/${encodeURIComponent(id)}`)

  function draw(breaker) {
    const { name, site, room, online, lastReportAt, holds, rights, circuits } = breaker
    part('detail-title').textContent = name
    const reported = lastReportAt === null ? label('unheard') : label('reported', { at: time(lastReportAt) })
    const link = online === null ? [] : [label(online ? 'online' : 'offline')]
    part('facts').textContent = [site, room, ...link, loadOf(breaker), reported].join(' · ')
    part('holds').textContent = holds.map((one) => label('held-by', one)).join(' ')
    part('look-only').hidden = rights.length > 0
    const deeds = []
    const offer = (key, deed) =>
      deeds.push(
        button(
          label(key),
          doing(breaker.id, () => deed(breaker)),
        ),
      )
    if (rights.includes('hold')) offer('hold', asking.hold)
    if (rights.includes('hold') && holds.length > 0) offer('release', asking.release)
    refill(part('circuits'), ...circuits.map((one) => circuitOf(breaker, one)))
    refill(part('hold-deeds'), ...deeds)
  }

  const doing = (id, deed) => async () => {
    await deed()
    if (id === shown) await renew()
  }

  function circuitOf(breaker, circuit) {
    const { rights } = breaker
    const { operation, incident, position } = circuit
    const deeds = []
    const offer = (key, deed, className) => deeds.push(button(label(key), doing(breaker.id, deed), className))
    if (operation?.nonce) {
      const isMine = operation.askedBy === mine()
      offer('confirm-close', () => asking.confirm(breaker, circuit, operation, '', isMine), 'grave')
      offer('cancel', () => asking.cancel(breaker, circuit, operation))
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

  /** What is not known of it yet, in the language of now: the API goes from old to new. */
  async function readHistory(id) {
    const language = currentLanguage()
    if (past.id !== id || past.language !== language) past = { id, language, items: [] }
    const mine = past
    for (let page = 0; page < PAGES; page++) {
      const cursor = mine.items.at(-1)?.seq
      const query = { breaker: id, from: Date.now() - WEEK, limit: ENTRIES, ...(cursor && { cursor }) }
      const found = await read(`/history?${new URLSearchParams(query)}`)
      const last = mine.items.at(-1)?.seq ?? 0
      mine.items = [...mine.items, ...(found?.items ?? []).filter(({ seq }) => seq > last)].slice(-ENTRIES)
      if (!found || found.next === null || found.items.length === 0) break
    }
    return mine.items
  }

  async function drawHistory(id) {
    const items = await readHistory(id)
    if (shown !== id) return
    const lines = items.map(({ at, text }) => make('li', '', `${time(at)} ${text}`))
    const newest = lines.reverse().splice(0, NEWEST)
    part('history').replaceChildren(
      ...(newest.length > 0 ? newest : [make('li', 'soft', label('no-history'))]),
    )
    part('older').hidden = lines.length === 0
    part('older')
      .querySelector('ol')
      .replaceChildren(...lines)
  }

  /** Draws the one that is shown again. */
  async function renew() {
    const id = shown
    if (id === undefined) return
    const breaker = await fetchOne(id)
    if (!breaker || shown !== id) return
    draw(breaker)
    await drawHistory(id)
  }

  async function show(id) {
    const breaker = await fetchOne(id)
    if (!breaker) return
    shown = id
    part('detail').hidden = false
    draw(breaker)
    part('detail').focus()
    part('detail').scrollIntoView()
    await Promise.all([drawCharts(breaker, time), drawHistory(id)])
  }

  part('back').addEventListener('click', () => {
    part('detail').hidden = true
    shown = undefined
    part('breakers').focus()
  })
  return { show, renew, shown: () => shown }
}
