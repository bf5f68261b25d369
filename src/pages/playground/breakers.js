import { copyOf, keep, make } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { send } from './api.js'
import { CAUSES } from './choices.js'

export function showBreakers(breakers) {
  keep(document.getElementById('breakers'), breakers, createBreaker)
}

function createBreaker({ id }) {
  const element = copyOf('breaker')
  const part = (selector) => element.querySelector(selector)
  let state
  part('.link').addEventListener('click', () =>
    send('deed', { do: state.online ? 'go-offline' : 'go-online', breaker: id }),
  )
  part('.retrip').addEventListener('click', () =>
    send('deed', { do: state.retrips ? 'no-retrip' : 'retrip', breaker: id }),
  )
  part('.jam').addEventListener('click', () =>
    send('deed', { do: state.jammed ? 'unjam' : 'jam', breaker: id }),
  )
  return {
    element,
    update(breaker) {
      state = breaker
      // Names are of the language that is spoken now.
      const { name, site } = breaker
      part('h3').textContent = name
      part('.site').textContent = site
      element.ariaLabel = name
      part('.online').textContent = label(breaker.online ? 'online' : 'offline')
      part('.online').className = `online ${breaker.online ? 'yes' : 'no'}`
      part('.jammed').hidden = !breaker.jammed
      part('.link').disabled = breaker.dark
      part('.link').textContent = label(breaker.online ? 'go-offline' : 'go-online')
      part('.retrips').hidden = !breaker.retrips
      part('.locked').hidden = !breaker.locked
      part('.retrip').textContent = label(breaker.retrips ? 'no-retrip' : 'retrip')
      part('.jam').textContent = label(breaker.jammed ? 'unjam' : 'jam')
      const circuits = breaker.circuits.map((circuit) => ({
        ...circuit,
        id: circuit.key,
        breaker: { id, name, ratedCurrent: breaker.ratedCurrent },
      }))
      keep(part('.circuits'), circuits, createCircuit)
    },
  }
}

function createCircuit({ key, breaker }) {
  const element = copyOf('circuit')
  const part = (selector) => element.querySelector(selector)
  const about = { breaker: breaker.id, circuit: key }
  const cause = part('.cause')
  part('.trip').addEventListener('click', () => send('deed', { do: 'trip', ...about, cause: cause.value }))
  let closed
  part('.hand').addEventListener('click', () =>
    send('deed', { do: 'switch', ...about, to: closed ? 'open' : 'closed' }),
  )
  return {
    element,
    update(circuit) {
      const { name, breaker } = circuit
      element.ariaLabel = `${breaker.name} ${name}`.trim()
      part('.name').textContent = name
      closed = circuit.position === 'closed'
      part('.position').textContent = positionText(circuit)
      part('.position').className = `position ${circuit.cause ? 'tripped' : circuit.position}`
      part('.current').textContent = `${circuit.current.toFixed(1)} A`
      part('meter').value = circuit.current
      part('meter').max = breaker.ratedCurrent
      part('meter').ariaLabel = label('load-of', {
        current: circuit.current.toFixed(1),
        rated: breaker.ratedCurrent,
      })
      part('.trip').disabled = !closed
      part('.hand').textContent = label(closed ? 'open' : 'close')
      showCauses(cause)
    },
  }
}

function positionText({ position, cause }) {
  return cause ? label('tripped', { cause: label(cause) }) : label(`position.${position}`)
}

function showCauses(select) {
  const chosen = select.value || CAUSES[0]
  const options = CAUSES.map((cause) => Object.assign(make('option', '', label(cause)), { value: cause }))
  select.replaceChildren(...options)
  select.value = chosen
}
