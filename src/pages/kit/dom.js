import { currentLanguage, translate } from './words.js'

/** A new element. Text only ever gets in as text. */
export function make(tag, className = '', ...content) {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.append(...content)
  return element
}

/** A copy of a template of the page, in the page's language. */
export function copyOf(id) {
  const copy = document.getElementById(id).content.firstElementChild.cloneNode(true)
  translate(copy)
  return copy
}

const kept = new WeakMap()

/**
 * Brings a container's children in line with a list of `{ id, … }`: `create(item)` makes `{ element, update }` for a
 * new one, `update(item)` is called when it is new or has changed. What has not changed is not touched.
 */
export function keep(container, items, create) {
  const known = kept.get(container) ?? new Map()
  kept.set(container, known)
  const wanted = new Set(items.map(({ id }) => id))
  for (const [id, { element }] of known) {
    if (wanted.has(id)) continue
    element.remove()
    known.delete(id)
  }
  items.forEach((item, index) => {
    const entry = known.get(item.id) ?? create(item)
    known.set(item.id, entry)
    const state = currentLanguage() + JSON.stringify(item)
    if (entry.state !== state) entry.update(item)
    entry.state = state
    const there = container.children[index] ?? null
    if (there !== entry.element) container.insertBefore(entry.element, there)
  })
}

/** Replaces what an element holds; the keyboard stays on the button of the same words, or on the element. */
export function refill(element, ...content) {
  const active = element.contains(document.activeElement) ? document.activeElement : undefined
  element.replaceChildren(...content)
  if (!active) return
  const again = [...element.querySelectorAll('button')].find((one) => one.textContent === active.textContent)
  const target = again ?? element
  target.focus({ preventScroll: true })
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'Asia/Shanghai' })
/** As on the cards: the time of the sites. */
export const timeOf = (at) => clock.format(at)
