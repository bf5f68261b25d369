import { keep, make, timeOf } from '../kit/dom.js'
import { label } from '../kit/words.js'

/** What came in last and all that followed from it, each with how many ms after it was taken. The newest is open. */
export function showWays({ ways, breakers, players }) {
  const names = new Map(breakers.map(({ id, name }) => [id, name]))
  const list = document.getElementById('ways')
  const before = list.firstElementChild
  keep(list, ways, () => createWay(names, players))
  const newest = list.firstElementChild
  if (newest !== before) for (const one of list.children) one.open = one === newest
  document.getElementById('ways-none').hidden = ways.length > 0
}

function createWay(names, players) {
  const element = make('details', 'way')
  const summary = make('summary')
  const steps = make('ol')
  element.append(summary, steps)
  return {
    element,
    update({ at, what, steps: all }) {
      summary.replaceChildren(make('time', '', timeOf(at)), ' ', headOf(what, names, players))
      steps.replaceChildren(...all.map((step) => stepOf(step, at)))
    },
  }
}

function headOf(what, names, players) {
  const player = players.find(({ ids }) => ids.includes(what.sender))
  return label(`from.${what.from}`, {
    ...what,
    device: names.get(what.device) ?? what.device,
    chat: what.channel && label(what.channel),
    action: label(`action.${what.action}`),
    sender: player?.name ?? what.sender,
  })
}

function stepOf({ at, did, queue, took, outcome, audit, jobs, call }, began) {
  const line = make('li', outcome === 'done' ? 'good' : 'bad')
  const name = did === 'decided' ? label('step.decided') : label(`queue.${queue}`)
  line.append(make('time', '', `+${at - began} ms`), ' ', make('strong', '', name), ` ${took} ms`)
  if (outcome !== 'done') line.append(' · ', outcome)
  for (const { who, what } of audit) line.append(make('code', '', `${what} · ${who}`))
  if (jobs.length > 0) line.append(make('span', 'jobs', label('step.jobs', { jobs: countsOf(jobs) })))
  if (call) line.append(make('code', 'call', `${call.request}\n${call.body}\n→ ${call.answer}`))
  return line
}

function countsOf(jobs) {
  const counts = new Map()
  for (const queue of jobs) counts.set(queue, (counts.get(queue) ?? 0) + 1)
  return [...counts]
    .map(([queue, count]) => `${label(`queue.${queue}`)}${count > 1 ? ` ×${count}` : ''}`)
    .join(', ')
}
