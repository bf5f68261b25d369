import { keep, make } from '../kit/dom.js'
import { currentLanguage, label, speak } from '../kit/words.js'
import { isSignedOut, read } from './api.js'
import { openAll } from './asking.js'
import { createDetail } from './detail.js'
import './labels-en.js'
import './labels-zh.js'
import { createList } from './lists.js'
import { listen } from './live.js'
import { breakerRow, incidentRow, row, runRow } from './rows.js'

/** So long until a service that cannot be reached is asked again, ms. */
const AGAIN = 5000

const part = (id) => document.getElementById(id)
let me

const USUAL = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }
/** A time in words; without a zone by that of the service. */
function time(at, style = USUAL, timeZone = me?.timezone) {
  return new Intl.DateTimeFormat(currentLanguage(), { ...style, hourCycle: 'h23', timeZone }).format(at)
}
const mine = () => me?.name

const detail = createDetail({ time, mine })
const breakers = createList('breakers', row(breakerRow(detail.show)), (query) => read(`/breakers?${query}`))
const incidents = createList('incidents', row(incidentRow(detail.show, time)), (query) =>
  read(`/incidents?${query}`),
)
const drawRun = row(runRow(time, mine))

async function renewRuns() {
  const found = await read('/runs')
  if (!found) return
  keep(part('runs'), found.items, drawRun)
  part('runs-none').hidden = found.items.length > 0
}

async function renewPlaces() {
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

function drawMe() {
  part('me').textContent = me.name
  part('off').hidden = me.actuation
  part('off-form').hidden = me.role === 'viewer'
  part('off-not').hidden = me.role !== 'viewer'
}

async function renewAll() {
  me = (await read('/me')) ?? me
  drawMe()
  await Promise.all([breakers.renew(), incidents.renew(), renewRuns(), renewPlaces(), detail.renew()])
}

/** Fetches what is shown of what has changed. */
async function renew({ breakers: ids, incidents: hasIncidents, runs: hasRuns }) {
  const shown = [...ids].some(breakers.shows)
  await Promise.all([
    shown ? breakers.renew() : undefined,
    ids.has(detail.shown()) ? detail.renew() : undefined,
    hasIncidents ? incidents.renew() : undefined,
    hasRuns ? renewRuns() : undefined,
  ])
}

function spoken(wanted) {
  speak(wanted)
  part('language').textContent = label('other')
  part('language').lang = wanted === 'en' ? 'zh-CN' : 'en'
}

/** The page is the same for everybody: only now it learns who looks at it. */
async function begin() {
  me = await read('/me')
  if (me) {
    for (const id of ['main', 'out']) part(id).hidden = false
    drawMe()
    listen({ renewAll, renew })
  } else if (!isSignedOut()) setTimeout(begin, AGAIN)
}

part('language').addEventListener('click', () => {
  const wanted = currentLanguage() === 'en' ? 'zh-CN' : 'en'
  localStorage.setItem('language', wanted)
  spoken(wanted)
  if (me) void renewAll()
})
part('off-form').addEventListener('submit', (event) => {
  event.preventDefault()
  void openAll(part('place').value)
})
const chosen = ['zh-CN', 'en'].find((one) => one === localStorage.getItem('language'))
spoken(chosen ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'))
void begin()
