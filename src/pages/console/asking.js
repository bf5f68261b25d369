import { label } from '../kit/words.js'
import { act } from './api.js'

const dialog = document.getElementById('ask')
const part = (id) => document.getElementById(`ask-${id}`)
const input = dialog.querySelector('input')

/**
 * Asks before something is done. Resolves with the reason given, or undefined where it is not wanted: by the button, by
 * Escape, or where the dialog is closed in any other way.
 */
function ask({ title, text, yes, no = 'no', reason = 'none', className = 'grave' }) {
  part('title').textContent = title
  part('text').textContent = text
  part('yes').textContent = yes
  part('yes').className = className
  part('no').textContent = label(no)
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

part('no').addEventListener('click', () => dialog.close(''))

const at = ({ id }, deed) => `/breakers/${encodeURIComponent(id)}/${deed}`
const named = (breaker, circuit) => ({ name: circuit.title, site: breaker.site })

/** Asks for a close; what the gate lets through is shown before it is confirmed. */
export async function close(breaker, circuit) {
  const told = await act(at(breaker, 'close'), { circuit: circuit.key })
  if (told?.confirm) await confirm(breaker, circuit, told.confirm, told.answer.text)
}

/**
 * The confirming step. Whoever says no to a request of their own takes it back; that of somebody else stands, and so
 * does one that waits for somebody else.
 */
export async function confirm(breaker, circuit, request, answer, isMine = true) {
  const waits = request.secondPerson && isMine
  const text = [
    label('will-close', named(breaker, circuit)),
    answer,
    request.secondPerson ? label('second') : '',
  ]
  const agreed = await ask({
    title: label('confirm-close'),
    text: text.filter(Boolean).join('\n'),
    ...(waits ? { yes: label('let-wait'), className: '' } : { yes: label('confirm-close') }),
    no: isMine ? 'cancel' : 'not-now',
  })
  if (agreed === undefined) return isMine ? cancel(breaker, circuit, request) : undefined
  if (!waits) await act(at(breaker, 'confirm'), { circuit: circuit.key, nonce: request.nonce })
}

/** Takes a request back. */
export const cancel = (breaker, circuit, { nonce }) =>
  act(at(breaker, 'cancel'), { circuit: circuit.key, nonce })

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
  if (told?.confirm)
    await confirmRun({ id: told.run, to: 'open', place, nonce: told.confirm.nonce }, told.answer.text)
}

/** The confirming step of a group; whoever says no takes it back. */
export async function confirmRun(run, text = '') {
  const yes = label(`confirm-${run.to}-all`)
  const agreed = await ask({ title: run.place, text: text || yes, yes, no: 'take-back' })
  if (agreed === undefined) await stopRun(run)
  else await act(`/runs/${encodeURIComponent(run.id)}/confirm`, { nonce: run.nonce })
}

/** Takes the asking for a group back, or stops what has not begun. */
export const stopRun = ({ id, nonce }) => act(`/runs/${encodeURIComponent(id)}/cancel`, { nonce })
