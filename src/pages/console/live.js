import { isSignedOut, read } from './api.js'

/** Changes are gathered for so long, ms: the API lets a caller ask so often only. */
const GATHER = 2000
/** So often everything is fetched while the stream is refused, ms. */
const REST = 10_000
/** So long until a stream that was refused is asked for again, ms. */
const AGAIN = 5000

const nothing = () => ({ all: false, breakers: new Set(), incidents: false, runs: false })

/**
 * Hears what has changed.
 * @param renewAll fetches everything, as at the beginning
 * @param renew fetches what is shown of `{ breakers, incidents, runs }`
 */
export function listen({ renewAll, renew }) {
  let changed = nothing()
  let isPlanned = false

  async function fetchChanged() {
    const now = changed
    changed = nothing()
    try {
      await (now.all ? renewAll() : renew(now))
    } finally {
      isPlanned = false
      if (changed.all || changed.incidents || changed.runs || changed.breakers.size > 0) plan(GATHER)
    }
  }

  function plan(within) {
    if (!isPlanned) setTimeout(fetchChanged, within)
    isPlanned = true
  }

  function take({ kind, id }) {
    if (kind === 'breaker') changed.breakers.add(id)
    if (kind === 'incident') changed.incidents = true
    if (kind === 'run') changed.runs = true
  }

  function connect() {
    const events = new EventSource('/api/v1/events')
    events.addEventListener('reset', () => {
      changed.all = true
      plan(0)
    })
    events.addEventListener('changed', ({ data }) => {
      JSON.parse(data).forEach(take)
      plan(GATHER)
    })
    events.addEventListener('error', async () => {
      // Nothing tells why it ended: whoever is not signed in any more learns it by the next call.
      await read('/me')
      if (isSignedOut() || events.readyState !== EventSource.CLOSED) return
      setTimeout(connect, AGAIN)
      changed.all = true
      plan(REST)
    })
  }

  connect()
}
