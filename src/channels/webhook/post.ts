import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

/** Posts over connections that are kept for a moment: in a storm one call follows another. */
export interface Post {
  /** Resolves as soon as the status is there; a redirect is not followed. @throws what went wrong on the way */
  send(
    url: string,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<{ status: number; retryAfter: string | undefined }>
  close(): void
}

/** How long a connection is kept without use, ms: shorter than servers usually do. */
const IDLE = 3000
/** An answer as short as this is read, so that its connection can be used again, bytes. */
const SHORT = 16 * 1024

export function createPost(): Post {
  const [http, https] = [HttpAgent, HttpsAgent].map((Kind) => new Kind({ keepAlive: true, timeout: IDLE }))

  function attempt(...[url, headers, body, signal]: Parameters<Post['send']>): Promise<IncomingMessage> {
    const isSafe = url.startsWith('https:')
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const options = { method: 'POST', headers, agent: isSafe ? https : http, signal }
    const request = (isSafe ? requestHttps : requestHttp)(url, options, resolve)
    request.on('error', (error) => {
      // The server was about to close what was kept. The same call once more does no harm: its id is the same.
      if (request.reusedSocket && 'code' in error && error.code === 'ECONNRESET' && !signal.aborted)
        attempt(url, headers, body, signal).then(resolve, reject)
      else reject(error)
    })
    request.end(body)
    return promise
  }

  return {
    async send(...call) {
      const response = await attempt(...call)
      const { statusCode: status = 0, headers } = response
      const length = status === 204 ? 0 : Number(headers['content-length'] ?? Number.POSITIVE_INFINITY)
      response.on('error', () => {})
      if (length <= SHORT) response.resume()
      else response.destroy()
      return { status, retryAfter: headers['retry-after'] }
    },
    close() {
      http!.destroy()
      https!.destroy()
    },
  }
}
