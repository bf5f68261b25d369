import { sendJson, startStub } from './stub.ts'

/**
 * The least that lets the Telegram adapter work: answers at once, keeps nothing. The simulators are far stricter and
 * would be measured along with the service.
 */
export interface TelegramStub {
  url: string
  /** Called with each message sent or changed, at the moment that its request has arrived. */
  onMessage(listener: (message: StubMessage) => void): void
  /** Presses a button, as somebody in the group; the answer will have the id that this returns. */
  press(message: number, data: string): number
  /** Says something to the bot in the group. */
  say(text: string): void
  stop(): Promise<void>
}

interface Button {
  text: string
  callback_data: string
}

interface Sent {
  text?: string
  chat_id?: number
  message_id?: number
  callback_query_id?: string
  reply_markup?: { inline_keyboard: Button[][] }
}

export interface StubMessage {
  method: 'sendmessage' | 'editmessagetext' | 'answercallbackquery'
  text: string
  /** Of the message; of an answer, that of the press. */
  id: number
  buttons: Button[]
}

const FROM = { id: 1, is_bot: false, first_name: '甲' }
const CHAT = { id: -100, type: 'supergroup' }

export async function startTelegramStub(): Promise<TelegramStub> {
  let heard: (message: StubMessage) => void = () => {}
  let messages = 0
  let updates = 0
  let news: object[] = []
  let wake = () => {}

  /** Answers a poll as soon as there is something. @param timeout s */
  async function poll(timeout: number): Promise<object[]> {
    if (news.length === 0 && timeout > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeout * 1000)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return news.splice(0)
  }

  function take(method: StubMessage['method'], sent: Sent): unknown {
    const pressed = method === 'answercallbackquery'
    const id = pressed
      ? Number(sent.callback_query_id)
      : (sent.message_id ?? (method === 'sendmessage' ? ++messages : 0))
    heard({ method, text: sent.text ?? '', id, buttons: sent.reply_markup?.inline_keyboard.flat() ?? [] })
    const chat = { id: sent.chat_id, type: 'supergroup' }
    return pressed || { message_id: id, date: 0, chat, text: sent.text }
  }

  const { url, stop } = await startStub(async (request, body, response) => {
    const method = request.url!.split('/').at(-1)!.toLowerCase()
    const answer = (result: unknown) => sendJson(response, { ok: true, result })
    switch (method) {
      case 'getupdates':
        return answer(await poll((JSON.parse(body) as { timeout?: number }).timeout ?? 0))
      case 'getme':
        return answer({ id: 1, is_bot: true, first_name: 'bench', username: 'bench_bot' })
      case 'sendmessage':
      case 'editmessagetext':
      case 'answercallbackquery':
        return answer(take(method, JSON.parse(body) as Sent))
      default:
        return answer(true)
    }
  })

  function tell(update: object) {
    news.push({ update_id: ++updates, ...update })
    wake()
  }

  return {
    url,
    onMessage(listener) {
      heard = listener
    },
    press(message, data) {
      const place = { message_id: message, date: 1, chat: CHAT }
      const id = updates + 1
      tell({ callback_query: { id: `${id}`, from: FROM, message: place, chat_instance: '1', data } })
      return id
    },
    say(text) {
      const date = Math.floor(Date.now() / 1000)
      const message_id = 1_000_000 + updates
      tell({ message: { message_id, date, chat: CHAT, from: FROM, text: `@bench_bot ${text}` } })
    },
    async stop() {
      news = []
      wake()
      await stop()
    },
  }
}
