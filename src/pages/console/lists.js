import { keep, make } from '../kit/dom.js'
import { label } from '../kit/words.js'

/** So many rows are drawn at a time: what nobody has come to costs nothing. */
const ROWS = 100

const byId = (id) => document.getElementById(id)

/** A list that is drawn in pieces. `create` is that of `keep`. */
export function createList(id, create) {
  const [list, more] = [byId(id), byId(`more-${id}`)]
  let items = []
  let shown = ROWS
  const draw = () => {
    keep(list, items.slice(0, shown), create)
    more.hidden = items.length <= shown
  }
  more.addEventListener('click', () => {
    shown += ROWS
    draw()
  })
  return (next, anew = false) => {
    items = next
    if (anew) shown = ROWS
    draw()
  }
}

export function button(text, onPress, className = '') {
  const element = make('button', className, text)
  element.type = 'button'
  element.addEventListener('click', async () => {
    element.disabled = true
    await onPress()
    element.disabled = false
  })
  return element
}

export const positionOf = ({ position }) =>
  make('span', position ?? 'soft', label(`position.${position ?? 'null'}`))

/** What keeps a circuit from being closed, in the words of the gate. */
export const keptBy = ({ position, close }) =>
  position === 'closed' || close.reasons.length === 0
    ? []
    : [make('p', 'soft', label('keeps', { reasons: close.reasons.map(({ text }) => text).join(' ') }))]

export function loadOf({ load, ratedCurrent, circuits }) {
  // What was read before it opened is no load any more.
  const isOpen = circuits.every(({ position }) => position === 'open')
  const amps = isOpen ? '0 A' : load?.current == null ? '–' : `${load.current.toFixed(1)} A`
  return ratedCurrent === null ? amps : `${amps} / ${label('rated', { rated: ratedCurrent })}`
}
