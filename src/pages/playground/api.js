import { show } from '../kit/toast.js'
import { label } from '../kit/words.js'

/** Shows a sentence for a while, longer and louder for a warning. */
export const say = (text, alert = false) => show(text, alert, alert ? 8000 : 4000)

/** The state as text, so that it can be seen whether anything has changed; undefined when the demo cannot be reached. */
export async function readState(as) {
  try {
    const response = await fetch(`/api/state?${new URLSearchParams(as ? { as } : {})}`)
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}

/** Asks for something to be done; a refusal is shown. */
export async function send(what, body) {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`/api/${what}`, { method: 'POST', headers, body: JSON.stringify(body) })
    const answer = await response.json()
    if (response.ok) return answer
    say(answer.message, true)
  } catch {
    say(label('unreachable'), true)
  }
  return undefined
}
