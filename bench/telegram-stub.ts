import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The least that lets the Telegram adapter work: answers at once, keeps nothing. The simulators are far stricter and
 * would be measured along with the service.
 */
export interface TelegramStub {
  url: string
  /** Called with each message sent or changed, at the moment that its request has arrived. */
  onMessage(listener: (message: StubMessage) => void): void
  /** Presses a button, as somebody in the group. */
  press(message: number, data: string): void
  close(): Promise<void>
}

interface Sent {
  text?: string
  chat_id?: number
  message_id?: number
  reply_markup?: { inline_keyboard: { callback_data: string }[][] }
}

export interface StubMessage {
  method: 'sendmessage' | 'editmessagetext' | 'answercallbackquery'
  text: string
  id: number
  buttons: { callback_data: string }[]
}

export async function startTelegramStub(): Promise<TelegramStub> {
  let heard: (message: StubMessage) => void = () => {}
  let messages = 0
  let updates = 0
  const pressed: object[] = []
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
      if (method === 'getupdates') {
        const waits =
          pressed.length > 0 ? 0 : Math.min(100, (JSON.parse(body) as { timeout?: number }).timeout! * 1000)
        return answer(pressed.splice(0), waits)
      }
      if (method === 'getme')
        return answer({ id: 1, is_bot: true, first_name: 'bench', username: 'bench_bot' })
      if (method !== 'sendmessage' && method !== 'editmessagetext' && method !== 'answercallbackquery')
        return answer(true)
      const sent = JSON.parse(body) as Sent
      const id = sent.message_id ?? (method === 'sendmessage' ? ++messages : 0)
      const buttons = sent.reply_markup?.inline_keyboard.flat() ?? []
      heard({ method, text: sent.text ?? '', id, buttons })
      return answer(
        method === 'answercallbackquery' || {
          message_id: id,
          date: 0,
          chat: { id: sent.chat_id, type: 'supergroup' },
          text: sent.text,
        },
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onMessage(listener) {
      heard = listener
    },
    press(message, data) {
      const chat = { id: -100, type: 'supergroup' }
      const from = { id: 1, is_bot: false, first_name: '甲' }
      const callback = {
        id: `${++updates}`,
        from,
        message: { message_id: message, date: 1, chat },
        chat_instance: '1',
        data,
      }
      pressed.push({ update_id: updates, callback_query: callback })
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
