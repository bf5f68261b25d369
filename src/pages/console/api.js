import { show } from '../kit/toast.js'
import { currentLanguage, label } from '../kit/words.js'

const part = (id) => document.getElementById(id)
/** Stands in the address of a page whose sign-in has ended. */
const ENDED = '?ended'
let isKnown = false

/** Says a sentence; what was refused stays longer. */
export const say = (text, alert = false) => show(text, alert, alert ? 15_000 : 6000)

/** True once the page has said how one signs in: nothing more is asked for. */
export const isSignedOut = () => !part('sign-in').hidden

/**
 * Nobody is signed in. Where somebody was, the page begins anew, so that nothing of what they saw is left; then it says
 * how one signs in.
 */
function signedOut() {
  if (isKnown) location.replace(`/console${ENDED}`)
  part('ended').hidden = location.search !== ENDED
  part('sign-in').hidden = false
}

/** What the API answers, in the reader's language; undefined when it cannot be had, which is said. */
async function call(method, path, body) {
  const headers = { 'accept-language': currentLanguage() }
  if (method !== 'GET') Object.assign(headers, { 'content-type': 'application/json', 'x-breakerbot': '1' })
  try {
    const response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
    const answer = await response.json()
    if (response.status === 401) signedOut()
    else if (response.status !== 404 && !response.ok) say(answer.message, true)
    isKnown ||= response.ok
    if (response.ok) return answer
  } catch {
    say(label('unreachable'), true)
  }
  return undefined
}

export const read = (path) => call('GET', path)

/** Asks for something to be done, and says what came of it; what is to be confirmed is said where it is asked. */
export async function act(path, body = {}) {
  const told = await call('POST', path, body)
  if (told && !told.confirm) say(told.answer?.text ?? label('waiting'))
  return told
}
