import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The least that lets the Telegram adapter work: answers at once, keeps nothing. The simulators are far stricter and
 * would be measured along with the service.
 */
export interface TelegramStub {
  url: string
  /** Called with the text of each message sent, at the moment that its request has arrived. */
  onSend(listener: (text: string) => void): void
  close(): Promise<void>
}

export async function startTelegramStub(): Promise<TelegramStub> {
  let heard: (text: string) => void = () => {}
  let messages = 0
  const server = createServer((request, response) => {
    const method = request.url!.split('/').at(-1)!.toLowerCase()
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const answer = (result: unknown, after = 0) =>
        setTimeout(
          () =>
            response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, result })),
          after,
        )
      if (method === 'getupdates')
        return answer([], (JSON.parse(body) as { timeout?: number }).timeout! * 1000)
      if (method === 'getme')
        return answer({ id: 1, is_bot: true, first_name: 'bench', username: 'bench_bot' })
      if (method === 'sendmessage') {
        const sent = JSON.parse(body) as { text: string; chat_id: number }
        heard(sent.text)
        return answer({
          message_id: ++messages,
          date: 0,
          chat: { id: sent.chat_id, type: 'supergroup' },
          text: sent.text,
        })
      }
      return answer(true)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onSend(listener) {
      heard = listener
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
