import { keep, make } from '../kit/dom.js'
import { label } from '../kit/words.js'

/** So many rows are drawn and fetched at a time, however many there are. */
const ROWS = 100
/** So long after the last letter the service is asked, ms. */
const TYPED = 300

const byId = (id) => document.getElementById(id)

/**
 * A list of which one page is drawn. What it is asked with stands in the form `<id>-search`.
 * @param create that of `keep`
 * @param fetchPage asks for a page by a query: `{ items, next, total }`, or undefined where it cannot be had
 */
export function createList(id, create, fetchPage) {
  const [list, pager, form] = [byId(id), byId(`${id}-pager`), byId(`${id}-search`)]
  const [back, place, on] = pager.children
  /** What each page up to this one goes on from. */
  let cursors = ['']
  let page = { items: [], next: null, total: 0 }
  let asked = 0

  function draw() {
    const before = ROWS * (cursors.length - 1)
    const [from, to] = [page.items.length > 0 ? before + 1 : 0, before + page.items.length]
    keep(list, page.items, create)
    byId(`${id}-count`).textContent = page.total
    place.textContent = label('place-in', { from, to, total: page.total })
    back.disabled = cursors.length === 1
    on.disabled = page.next === null
    pager.hidden = back.disabled && on.disabled
    byId(`${id}-none`).hidden = page.items.length > 0
  }

  async function renew() {
    const mine = ++asked
    const cursor = cursors.at(-1)
    const wanted = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ''))
    const found = await fetchPage(new URLSearchParams({ limit: ROWS, ...wanted, ...(cursor && { cursor }) }))
    // Another was asked for meanwhile.
    if (!found || mine !== asked) return
    page = found
    // The rest of the list has ended.
    if (page.items.length === 0 && cursors.length > 1) return turn([''])
    draw()
  }

  async function turn(to) {
    cursors = to
    await renew()
  }

  /** The keyboard goes to the list, for the button may be out of use now. */
  const turned = async (to) => {
    await turn(to)
    list.focus()
    list.scrollIntoView({ block: 'nearest' })
  }
  back.addEventListener('click', () => turned(cursors.slice(0, -1)))
  on.addEventListener('click', () => turned([...cursors, page.next]))
  let typing
  form.addEventListener('input', () => {
    clearTimeout(typing)
    typing = setTimeout(turn, TYPED, [''])
  })
  form.addEventListener('submit', (event) => event.preventDefault())
  return {
    renew,
    /** Of what is drawn. */
    shows: (known) => page.items.some((one) => one.id === known),
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
