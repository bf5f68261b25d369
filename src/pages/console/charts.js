/* global Chart */
import { make } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { read } from './api.js'

const DAY = 86_400_000
const SPANS = { day: [DAY, 'hour'], week: [7 * DAY, 'day'], month: [30 * DAY, 'day'] }
const drawn = new Map()
const period = document.getElementById('period')
let about

function draw(id, type, labels, data) {
  drawn.get(id)?.destroy()
  const colour = getComputedStyle(document.documentElement)
  const line = matchMedia('(prefers-color-scheme: dark)').matches ? '#7db1ff' : '#1f5fbf'
  const ticks = { color: colour.color }
  const chart = new Chart(document.getElementById(id), {
    type,
    data: {
      labels,
      datasets: [{ data, borderColor: line, backgroundColor: line, pointRadius: 0, borderWidth: 2 }],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { display: false } },
      scales: {
        x: { ticks: { ...ticks, maxTicksLimit: 8, maxRotation: 0 } },
        y: { beginAtZero: true, ticks },
      },
    },
  })
  drawn.set(id, chart)
}

async function drawEnergy() {
  const { id, now, time } = about
  const [back, by] = SPANS[period.value]
  const found = await read(`/breakers/${id}/energy?${new URLSearchParams({ by, from: now - back, to: now })}`)
  if (!found || about.id !== id) return
  const style = by === 'hour' ? { hour: '2-digit' } : { month: 'numeric', day: 'numeric' }
  draw(
    'energy',
    'bar',
    found.items.map(({ from }) => time(from, style)),
    found.items.map(({ kwh }) => kwh),
  )
  const total = found.total === null ? label('unmetered') : label('total', { kwh: found.total.toFixed(1) })
  document.getElementById('total').textContent = total
}

/** Draws a breaker's load and energy. @param time a time in words, by the zone of the service */
export async function drawCharts(id, time) {
  about = { id: encodeURIComponent(id), now: Date.now(), time }
  const chosen = period.value || 'day'
  period.replaceChildren(
    ...Object.keys(SPANS).map((one) => Object.assign(make('option', '', label(one)), { value: one })),
  )
  period.value = chosen
  const samples = await read(`/breakers/${about.id}/samples?minutes=60`)
  const items = samples?.items ?? []
  const style = { hour: '2-digit', minute: '2-digit' }
  draw(
    'load',
    'line',
    items.map(({ at }) => time(at, style)),
    items.map(({ current }) => current),
  )
  await drawEnergy()
}

period.addEventListener('change', drawEnergy)
