import { label } from '../kit/words.js'
import { act } from './api.js'

const dialog = document.getElementById('ask')
const part = (id) => document.getElementById(`ask-${id}`)
const input = dialog.querySelector('input')

/** Asks before something is done. Resolves with the reason given, or undefined where it is not wanted. */
function ask({ title, text, yes, reason = 'none' }) {
  part('title').textContent = title
  part('text').textContent = text
  part('yes').textContent = yes
  part('yes').hidden = !yes
  part('reason').hidden = reason === 'none'
  input.required = reason === 'needed'
  input.value = ''
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => resolve(dialog.returnValue === 'yes' ? input.value.trim() : undefined),
      { once: true },
    )
  })
}

const at = ({ id }, deed) => `/breakers/${encodeURIComponent(id)}/${deed}`
const named = (breaker, circuit) => ({ name: circuit.title, site: breaker.site })

/** Asks for a close; what the gate lets through is shown before it is confirmed. */
export async function close(breaker, circuit) {
  const told = await act(at(breaker, 'close'), { circuit: circuit.key })
  if (told?.confirm) await confirm(breaker, circuit, told.confirm, told.answer.text)
}

/** The confirming step. Whoever says no leaves the request to stand: it can be taken back, or runs out. */
export async function confirm(breaker, circuit, { nonce, secondPerson }, answer, isMine = true) {
  const text = [label('will-close', named(breaker, circuit)), answer, secondPerson ? label('second') : '']
  const yes = secondPerson && isMine ? '' : label('confirm-close')
  const agreed = await ask({ title: label('confirm-close'), text: text.filter(Boolean).join('\n'), yes })
  if (agreed !== undefined) await act(at(breaker, 'confirm'), { circuit: circuit.key, nonce })
}

export const cancel = (breaker, circuit) =>
  act(at(breaker, 'cancel'), { circuit: circuit.key, nonce: circuit.operation.nonce })

export async function open(breaker, circuit) {
  const text = label('will-open', named(breaker, circuit))
  const agreed = await ask({ title: label('open'), text, yes: label('confirm-open') })
  if (agreed !== undefined) await act(at(breaker, 'open'), { circuit: circuit.key })
}

export async function hold(breaker) {
  const asked = { title: breaker.name, text: label('hold-text'), yes: label('hold'), reason: 'needed' }
  const reason = await ask(asked)
  if (reason) await act(at(breaker, 'hold'), { reason })
}

export async function release(breaker) {
  const asked = { title: breaker.name, text: label('release-text'), yes: label('release'), reason: 'free' }
  const reason = await ask(asked)
  if (reason !== undefined) await act(at(breaker, 'release'), reason ? { reason } : {})
}

export const acknowledge = ({ id }, circuit) => act(at({ id }, 'acknowledge'), { circuit })

/** Asks for all of a place to be opened, and confirms it. */
export async function openAll(place) {
  const told = await act(`/groups/${encodeURIComponent(place)}/off`)
  if (!told?.confirm) return
  const agreed = await ask({ title: place, text: told.answer.text, yes: label('confirm-off') })
  await act(`/runs/${told.run}/${agreed === undefined ? 'cancel' : 'confirm'}`, { nonce: told.confirm.nonce })
}
