import { show } from '../kit/toast.js'
import { currentLanguage, label } from '../kit/words.js'

const ended = document.getElementById('ended')

/** Says a sentence; what was refused stays longer. */
export const say = (text, alert = false) => show(text, alert, alert ? 15_000 : 6000)

/** What the API answers, in the reader's language; undefined when it cannot be had, which is said. */
async function call(method, path, body) {
  const headers = { 'accept-language': currentLanguage() }
  if (method !== 'GET') Object.assign(headers, { 'content-type': 'application/json', 'x-breakerbot': '1' })
  try {
    const response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
    const answer = await response.json()
    if (response.ok) return answer
    if (response.status === 401) {
      ended.hidden = false
      ended.textContent = label('ended')
    } else if (response.status !== 404) say(answer.message, true)
  } catch {
    say(label('unreachable'), true)
  }
  return undefined
}

export const read = (path) => call('GET', path)

/** Asks for something to be done, and says what came of it. */
export async function act(path, body = {}) {
  const told = await call('POST', path, body)
  if (told) say(told.answer?.text ?? label('waiting'))
  return told
}
