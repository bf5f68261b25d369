/* global Chart */
import { make } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { read } from './api.js'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
/** How far back, what the line and the table are made by, the pause that the line does not go over, and the ticks; ms. */
const LOAD = {
  hour: { back: HOUR, by: 'minute', rows: 'minute', gap: 10 * MINUTE, step: 10 * MINUTE },
  day: { back: DAY, by: 'minute', rows: 'hour', gap: 15 * MINUTE, step: 4 * HOUR },
  week: { back: 7 * DAY, by: 'hour', rows: 'day', gap: 3 * HOUR, step: DAY },
}
const ENERGY = { day: [DAY, 'hour'], week: [7 * DAY, 'day'], month: [30 * DAY, 'day'] }
const CLOCK = { hour: '2-digit', minute: '2-digit' }
const DATE = { month: 'numeric', day: 'numeric' }
const STYLES = { minute: CLOCK, hour: { ...DATE, ...CLOCK }, day: DATE }

const part = (id) => document.getElementById(id)
const dark = matchMedia('(prefers-color-scheme: dark)')
const drawn = new Map()
/** The breaker that is shown, and how times are written. */
let about

function coloured() {
  return dark.matches
    ? { line: '#7db1ff', peak: '#f0b75a', rated: '#ff8f86', ink: '#a9b4c2', grid: '#3a4552' }
    : { line: '#1f5fbf', peak: '#8a5200', rated: '#b3261e', ink: '#56616f', grid: '#d9dfe7' }
}

/** @param x the axis below */
function draw(id, type, data, x, legend = false) {
  drawn.get(id)?.destroy()
  const { ink, grid } = coloured()
  const axis = { grid: { color: grid }, ticks: { color: ink, maxRotation: 0 } }
  const chart = new Chart(part(id), {
    type,
    data,
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { display: legend, labels: { color: ink, boxHeight: 1, boxWidth: 20 } } },
      scales: {
        x: { ...axis, ...x, ticks: { ...axis.ticks, ...x.ticks } },
        y: { ...axis, beginAtZero: true },
      },
    },
  })
  drawn.set(id, chart)
}

const line = (text, points, color, more = {}) => ({
  label: text,
  data: points,
  borderColor: color,
  backgroundColor: color,
  borderWidth: 1.5,
  // One alone makes no line.
  pointRadius: points.length < 40 ? 2 : 0,
  ...more,
})

/** The time axis, with ticks at the full hours or days of a zone. */
function timeAxis(from, to, step, timezone) {
  const { time } = about
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  const ahead = Date.parse(`${local.format(to).replace(' ', 'T')}Z`) - Math.floor(to / 1000) * 1000
  const first = Math.ceil((from + ahead) / step) * step - ahead
  const ticks = Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => ({
    value: first + i * step,
  }))
  return {
    ...{ type: 'linear', min: from, max: to },
    afterBuildTicks: (axis) => {
      axis.ticks = ticks
    },
    ticks: { autoSkip: true, callback: (at) => time(at, step < DAY ? CLOCK : DATE, timezone) },
  }
}

/** What a chart shows, for whoever does not see it. @param heads keys of labels */
function fill(id, heads, rows) {
  const row = (tag, cells) => make('tr', '', ...cells.map((one) => make(tag, '', one)))
  part(`${id}-table`).replaceChildren(
    make(
      'thead',
      '',
      row(
        'th',
        heads.map((one) => label(one)),
      ),
    ),
    make('tbody', '', ...rows.map((cells) => row('td', cells))),
  )
}

const amps = (current, which) => (current === null ? '–' : current[which].toFixed(1))

async function drawLoad() {
  const { breaker, time } = about
  const { back, by, rows, gap, step } = LOAD[part('load-period').value]
  const now = Date.now()
  const ask = (span) =>
    read(
      `/breakers/${encodeURIComponent(breaker.id)}/load?${new URLSearchParams({ by: span, from: now - back, to: now })}`,
    )
  const found = await ask(by)
  const told = rows === by ? found : await ask(rows)
  if (!found || !told || about.breaker !== breaker) return
  const { timezone } = found
  const known = found.items.filter(({ current }) => current !== null)
  const points = (which) => known.map(({ from, current }) => ({ x: from, y: current[which] }))
  const { line: mean, peak, rated } = coloured()
  const limit =
    breaker.ratedCurrent === null ? [] : [now - back, now].map((x) => ({ x, y: breaker.ratedCurrent }))
  const datasets = [
    line(label('mean'), points('mean'), mean, { spanGaps: gap }),
    line(label('most'), points('max'), peak, { spanGaps: gap, borderDash: [2, 2] }),
    ...(limit.length > 0 ? [line(label('rating'), limit, rated, { pointRadius: 0, borderWidth: 1 })] : []),
  ]
  draw('load', 'line', { datasets }, timeAxis(now - back, now, step, timezone), true)
  part('load-said').textContent = sayLoad(known, (at) => time(at, undefined, timezone))
  fill(
    'load',
    ['when', 'least', 'mean', 'most'],
    told.items.map(({ from, current }) => [
      time(from, STYLES[rows], timezone),
      ...['min', 'mean', 'max'].map((which) => amps(current, which)),
    ]),
  )
}

function sayLoad(known, time) {
  if (known.length === 0) return label('no-load')
  const highest = known.reduce((a, b) => (b.current.max > a.current.max ? b : a))
  return label('peak', { amps: highest.current.max.toFixed(1), at: time(highest.from) })
}

async function drawEnergy() {
  const { breaker, time } = about
  const [back, by] = ENERGY[part('period').value]
  const now = Date.now()
  const query = new URLSearchParams({ by, from: now - back, to: now })
  const found = await read(`/breakers/${encodeURIComponent(breaker.id)}/energy?${query}`)
  if (!found || about.breaker !== breaker) return
  const { items, timezone } = found
  const color = coloured().line
  const labels = items.map(({ from }) => time(from, by === 'hour' ? { hour: '2-digit' } : DATE, timezone))
  const data = items.map(({ kwh }) => kwh)
  draw(
    'energy',
    'bar',
    { labels, datasets: [{ label: label('energy'), data, backgroundColor: color }] },
    { ticks: { maxTicksLimit: 8 } },
  )
  const total = found.total === null ? label('unmetered') : label('total', { kwh: found.total.toFixed(1) })
  part('energy-said').textContent = total
  fill(
    'energy',
    ['when', 'energy'],
    items.map(({ from, kwh }) => [time(from, STYLES[by], timezone), kwh === null ? '–' : kwh.toFixed(2)]),
  )
}

/** The periods to choose from, in the language of now; what was chosen stays. */
function offer(id, keys, usual) {
  const select = part(id)
  const chosen = select.value || usual
  select.replaceChildren(...keys.map((one) => Object.assign(make('option', '', label(one)), { value: one })))
  select.value = chosen
}

const drawAll = () => Promise.all([drawLoad(), drawEnergy()])

/** Draws a breaker's load and energy. @param time a time in words: `(at, style, zone)` */
export async function drawCharts(breaker, time) {
  about = { breaker, time }
  offer('load-period', Object.keys(LOAD), 'day')
  offer('period', Object.keys(ENERGY), 'day')
  await drawAll()
}

part('load-period').addEventListener('change', drawLoad)
part('period').addEventListener('change', drawEnergy)
dark.addEventListener('change', () => about && drawAll())
