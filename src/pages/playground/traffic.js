import { keep, make, timeOf } from '../kit/dom.js'
import { label } from '../kit/words.js'

/** What went to the cloud and what came from it, newest first. */
export function showTraffic({ calls, polls, pushes, readings }) {
  keep(document.getElementById('calls'), calls, () => createLine(callLine))
  keep(document.getElementById('pushes'), pushes, () => createLine(pushLine))
  document.getElementById('polls').textContent = label('polls', { count: polls })
  document.getElementById('readings').textContent = label('readings', { count: readings })
}

function createLine(lineOf) {
  const element = make('li')
  return {
    element,
    update(item) {
      const { good, parts } = lineOf(item)
      element.className = good ? 'good' : 'bad'
      element.replaceChildren(make('time', '', timeOf(item.at)), ...parts.flatMap((part) => [' ', part]))
    },
  }
}

function callLine({ path, devices, order, extra, signature, outcome, code, msg, acted }) {
  const details = [
    devices.join(','),
    order,
    extra && `extra=${extra}`,
    `sign ${signature}`,
    `${code} ${msg}`.trim(),
  ]
  if (acted.length > 0) details.push(label('acted'))
  return {
    good: outcome === 'accepted',
    parts: [make('strong', '', path), make('code', '', details.filter(Boolean).join(' · '))],
  }
}

function pushLine({ type, device, outcome, status, body }) {
  const answer = status ? `${outcome} ${status}` : outcome
  return {
    good: outcome === 'delivered' || outcome === 'pending',
    parts: [make('strong', '', type), `${device} · ${answer}`, make('code', '', body)],
  }
}
