import { make, refill } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { acknowledge, confirmRun, stopRun } from './asking.js'
import { button, keptBy, loadOf, positionOf } from './lists.js'

/** A row for `keep`, whose parts `draw` makes anew. */
export const row = (draw) => () => {
  const element = make('li')
  return { element, update: (item) => refill(element, ...draw(item)) }
}

/** A breaker in the list. @param show opens it */
export const breakerRow = (show) => (breaker) => [
  make(
    'div',
    'bar',
    button(breaker.name, () => show(breaker.id), 'name'),
    ...breaker.circuits.map(positionOf),
    ...(breaker.online === false ? [make('span', 'bad', label('offline'))] : []),
    ...(breaker.holds.length > 0 ? [make('span', 'open', label('held'))] : []),
    make('span', '', loadOf(breaker)),
    make('span', 'soft', `${breaker.site} · ${breaker.room}`),
  ),
  ...breaker.circuits.flatMap(keptBy),
]

/** An open incident. */
export const incidentRow =
  (show, time) =>
  ({ breaker, circuit, title, site, causeText, severity, openedAt, owner, rights }) => [
    make(
      'div',
      'bar',
      button(title, () => show(breaker), 'name'),
      make('span', severity === 'critical' ? 'bad' : 'open', causeText),
      make('span', 'soft', `${site} · ${time(openedAt)}`),
      make('span', 'soft', owner ? label('owner', { owner }) : label('nobody')),
      ...(owner || !rights.includes('acknowledge')
        ? []
        : [button(label('acknowledge'), () => acknowledge({ id: breaker }, circuit))]),
    ),
  ]

/** The opening or closing of a group. @param mine the name of who looks on */
export const runRow = (time, mine) => (run) => {
  const { place, to, stage, askedBy, askedAt, circuits, reached, missed, stopped, astray, nonce } = run
  const state = { asked: 'open', running: 'open' }[stage] ?? 'soft'
  return [
    make(
      'div',
      'bar',
      make('strong', '', place),
      make('span', '', label(`run.${to}`)),
      make('span', state, label(`stage.${stage}`)),
      make('span', '', label('reached', { reached, circuits })),
      ...(missed > 0 ? [make('span', 'bad', label('missed', { missed }))] : []),
      make('span', 'soft', label('asked-by', { askedBy, at: time(askedAt) })),
      ...(nonce && stage === 'asked' && askedBy === mine()
        ? [button(label(`confirm-${to}-all`), () => confirmRun(run), 'grave')]
        : []),
      ...(nonce ? [button(label(stage === 'asked' ? 'take-back' : 'stop'), () => stopRun(run))] : []),
    ),
    ...(stopped ? [make('p', 'soft', stopped.text)] : []),
    ...astray.map(({ title, standing, why }) =>
      make('p', 'soft', [title, label(`standing.${standing}`), ...why.map(({ text }) => text)].join(' · ')),
    ),
  ]
}
