import { Agent, request } from 'node:http'

/** Posts JSON over kept connections; resolves with the status when the answer is whole. */
export function createPoster(
  url: string,
  connections: number,
): { post(body: string): Promise<number>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port, pathname } = new URL(url)
  const post = (body: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const sent = request({ hostname, port, path: pathname, method: 'POST', agent, headers }, (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode!))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  return { post, close: () => agent.destroy() }
}

/** Posts as fast as so many connections allow for so long; answers with requests a second. */
export async function saturate(
  url: string,
  body: (n: number) => string,
  connections = 64,
  ms = 5000,
): Promise<number> {
  const { post, close } = createPoster(url, connections)
  const end = performance.now() + ms
  let done = 0
  let begun = 0
  const one = async () => {
    while (performance.now() < end) {
      const status = await post(body(begun++))
      if (status !== 200) throw new Error(`answered ${status}`)
      done++
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  close()
  return done / (ms / 1000)
}

/** The p-th percentile (0–100) of some measurements. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))]!
}
