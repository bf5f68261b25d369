import { make, refill } from '../kit/dom.js'
import { currentLanguage, label, speak } from '../kit/words.js'
import { read } from './api.js'
import { acknowledge, openAll } from './asking.js'
import { createDetail } from './detail.js'
import './labels.js'
import { button, createList, keptBy, loadOf, positionOf } from './lists.js'
import { listen } from './live.js'

const part = (id) => document.getElementById(id)
const breakers = new Map()
let incidents = []
let me
const detail = createDetail({ time, mine: () => me?.name, refetch: fetchOne })

const USUAL = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }
function time(at, style = USUAL) {
  const zone = me && { timeZone: me.timezone }
  return new Intl.DateTimeFormat(currentLanguage(), { ...style, hourCycle: 'h23', ...zone }).format(at)
}

const row = (draw) => () => {
  const element = make('li')
  return { element, update: (item) => refill(element, ...draw(item)) }
}

const showBreakers = createList(
  'breakers',
  row((breaker) => [
    make(
      'div',
      'bar',
      button(breaker.name, () => detail.show(breakers.get(breaker.id)), 'name'),
      ...breaker.circuits.map(positionOf),
      ...(breaker.online === false ? [make('span', 'bad', label('offline'))] : []),
      ...(breaker.holds.length > 0 ? [make('span', 'open', label('held'))] : []),
      make('span', '', loadOf(breaker)),
      make('span', 'soft', `${breaker.site} · ${breaker.room}`),
    ),
    ...breaker.circuits.flatMap(keptBy),
  ]),
)

const showIncidents = createList(
  'incidents',
  row(({ breaker, circuit, title, site, causeText, openedAt, owner }) => [
    make(
      'div',
      'bar',
      button(title, () => detail.show(breakers.get(breaker)), 'name'),
      make('span', 'bad', causeText),
      make('span', 'soft', `${site} · ${time(openedAt)}`),
      make('span', 'soft', owner ? label('owner', { owner }) : label('nobody')),
      ...(owner || !breakers.get(breaker)?.rights.includes('acknowledge')
        ? []
        : [button(label('acknowledge'), () => acknowledge({ id: breaker }, circuit))]),
    ),
  ]),
)

function drawBreakers(anew = false) {
  const wanted = part('filter').value.trim().toLowerCase()
  const fits = [...breakers.values()].filter(({ id, name, site, room }) =>
    [id, name, site, room].some((one) => one.toLowerCase().includes(wanted)),
  )
  part('breaker-count').textContent = `${fits.length} / ${breakers.size}`
  showBreakers(fits, anew)
}

/** All pages of a list, each shown when it is there. */
async function all(path, take) {
  let cursor = ''
  do {
    const found = await read(`${path}?${new URLSearchParams({ limit: 200, ...(cursor && { cursor }) })}`)
    if (!found) return
    take(found, cursor === '')
    cursor = found.next
  } while (cursor)
}

async function fetchAll() {
  me = (await read('/me')) ?? me
  if (!me) return
  part('me').textContent = me.name
  part('off').hidden = me.actuation
  await all('/breakers', ({ items }, isFirst) => {
    if (isFirst) breakers.clear()
    for (const one of items) breakers.set(one.id, one)
    drawBreakers()
  })
  await fetchIncidents()
  await fetchPlaces()
  const shown = breakers.get(detail.shown())
  if (shown) await detail.renew(shown)
}

/** The newest: whoever has more open than that works from the breakers. */
async function fetchIncidents() {
  const found = await read('/incidents?limit=200')
  if (!found) return
  incidents = found.items
  part('incident-count').textContent = found.total
  showIncidents(incidents)
}

async function fetchPlaces() {
  const [rooms, channels] = [await read('/rooms'), await read('/channels')]
  const names = new Set(
    (rooms?.items ?? []).flatMap(({ name, sites, groups }) => [...groups, ...sites, name]),
  )
  const chosen = part('place').value
  part('place').replaceChildren(...[...names].map((one) => make('option', '', one)))
  if (names.has(chosen)) part('place').value = chosen
  part('channels').replaceChildren(
    ...(channels?.items ?? []).map(({ name, state, detail: why }) =>
      make('li', '', `${label(name)} `, make('span', state, label(`channel.${state}`)), why ? ` ${why}` : ''),
    ),
  )
}

async function fetchOne(id) {
  const found = await read(`/breakers/${encodeURIComponent(id)}`)
  if (!found) return
  breakers.set(id, found)
  drawBreakers()
  await detail.renew(found)
}

function spoken(wanted) {
  speak(wanted)
  part('language').textContent = label('other')
  part('language').lang = wanted === 'en' ? 'zh-CN' : 'en'
}

part('language').addEventListener('click', () => {
  const wanted = currentLanguage() === 'en' ? 'zh-CN' : 'en'
  localStorage.setItem('language', wanted)
  spoken(wanted)
  void fetchAll()
})
part('filter').addEventListener('input', () => drawBreakers(true))
part('off-form').addEventListener('submit', (event) => {
  event.preventDefault()
  void openAll(part('place').value)
})
spoken(localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'))
listen({ fetchAll, fetchOne, fetchIncidents })
