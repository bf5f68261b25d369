import { read } from './api.js'

/** Changes are gathered for so long, ms: the API lets a caller ask so often only. */
const GATHER = 2000
/** So long after everything was fetched. */
const REST = 10_000
/** So many breakers are fetched one by one; more come with all. */
const SINGLY = 4
/** So long until a stream that was refused is asked for again, ms. */
const AGAIN = 5000

/** Fetches what has changed; everything when that is not known, as at the beginning. */
export function listen({ fetchAll, fetchOne, fetchIncidents }) {
  const changed = { all: false, breakers: new Set(), incidents: false }
  let isPlanned = false

  async function fetchChanged() {
    const ids = [...changed.breakers]
    const { incidents } = changed
    const all = changed.all || ids.length > SINGLY
    Object.assign(changed, { all: false, breakers: new Set(), incidents: false })
    if (all) await fetchAll()
    else {
      await Promise.all(ids.map(fetchOne))
      if (incidents) await fetchIncidents()
    }
    isPlanned = false
    if (changed.all || changed.incidents || changed.breakers.size > 0) plan(all ? REST : GATHER)
  }

  function plan(within) {
    if (!isPlanned) setTimeout(fetchChanged, within)
    isPlanned = true
  }

  function connect() {
    const events = new EventSource('/api/v1/events')
    events.addEventListener('reset', () => {
      changed.all = true
      plan(0)
    })
    events.addEventListener('changed', ({ data }) => {
      for (const { kind, id } of JSON.parse(data)) {
        if (kind === 'breaker') changed.breakers.add(id)
        if (kind === 'incident') changed.incidents = true
      }
      plan(GATHER)
    })
    events.addEventListener('error', async () => {
      // Nothing tells why it ended: whoever is not signed in any more learns it by the next call.
      const me = await read('/me')
      const isOver = events.readyState === EventSource.CLOSED
      if (isOver && (me || document.getElementById('ended').hidden)) setTimeout(connect, AGAIN)
    })
  }

  connect()
}
