import { keep, make } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { send } from './api.js'

const TROUBLES = ['well', 'slow', 'throttled', 'down']

/** What can be the matter with the platforms, and what can happen to whole sites. */
export function showStage({ troubles, breakers }) {
  const platforms = Object.entries(troubles).map(([id, trouble]) => ({ id, trouble }))
  keep(document.getElementById('troubles'), platforms, createTrouble)
  const sites = Map.groupBy(breakers, ({ site }) => site)
  const list = [...sites].map(([id, here]) => ({ id, isDark: here.every(({ dark }) => dark) }))
  keep(document.getElementById('sites'), list, createSite)
}

function createTrouble({ id: what }) {
  const name = make('span')
  const select = make('select')
  select.addEventListener('change', () => send('deed', { do: 'trouble', what, trouble: select.value }))
  const element = make('label', 'trouble', name, ' ', select)
  return {
    element,
    update({ trouble }) {
      name.textContent = label(what)
      select.replaceChildren(
        ...TROUBLES.map((one) => Object.assign(make('option', '', label(`trouble.${one}`)), { value: one })),
      )
      select.value = trouble
      element.classList.toggle('bad', trouble !== 'well')
    },
  }
}

function createSite({ id: site }) {
  const element = make('button')
  element.type = 'button'
  let state
  element.addEventListener('click', () =>
    send('deed', { do: state.isDark ? 'power-back' : 'black-out', site }),
  )
  return {
    element,
    update(next) {
      state = next
      element.textContent = label(next.isDark ? 'power-back' : 'black-out', { site })
    },
  }
}
