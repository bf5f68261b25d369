import { TelegramError } from 'telegraf'
import { describe, expect, test } from 'vitest'
import { readDelivery } from '../../../src/channels/telegram/delivery.ts'
import { type ApiFault, readFault } from '../../../src/channels/telegram/faults.ts'

const TOKEN = '123456:AAE-secret_of_the_bot'

function refusal(code: number, text: string, more: { retryAfter?: number; movedTo?: string } = {}): ApiFault {
  return { kind: 'refused', code, text, ...more }
}

describe('what a refusal means for a message', () => {
  const later = { outcome: 'later' }
  const chatGone = { outcome: 'refused', gone: 'chat' }
  const messageGone = { outcome: 'refused', gone: 'message' }
  const rows: [ApiFault, send: object, update: object][] = [
    [
      refusal(429, 'Too Many Requests: retry after 7', { retryAfter: 7000 }),
      { outcome: 'later', retryAfter: 7000, wholeChat: true, code: '429' },
      { outcome: 'later', retryAfter: 7000, wholeChat: true, code: '429' },
    ],
    [{ kind: 'unreached', text: 'HTTP 502 Bad Gateway' }, later, later],
    [{ kind: 'unclear', text: 'no answer in time' }, { outcome: 'unknown' }, later],
    [refusal(401, 'Unauthorized'), { outcome: 'later', code: '401' }, { outcome: 'later', code: '401' }],
    [refusal(404, 'Not Found'), later, later],
    [
      refusal(400, 'Bad Request: message is not modified: specified new message content …'),
      { outcome: 'refused' },
      { outcome: 'delivered', message: '7' },
    ],
    [
      refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', { movedTo: '-100777' }),
      { outcome: 'refused', movedTo: '-100777' },
      { outcome: 'refused', movedTo: '-100777' },
    ],
    [refusal(400, 'Bad Request: message to edit not found'), { outcome: 'refused' }, messageGone],
    [refusal(400, "Bad Request: message can't be edited"), { outcome: 'refused' }, messageGone],
    [
      refusal(400, 'Bad Request: there is no text in the message to edit'),
      { outcome: 'refused' },
      messageGone,
    ],
    [refusal(400, 'Bad Request: MESSAGE_ID_INVALID'), { outcome: 'refused' }, messageGone],
    [refusal(400, 'Bad Request: chat not found'), chatGone, chatGone],
    [refusal(400, 'Bad Request: have no write access to the chat'), chatGone, chatGone],
    [refusal(400, 'Bad Request: not enough rights to send text messages to the chat'), chatGone, chatGone],
    [refusal(403, 'Forbidden: bot was kicked from the supergroup chat'), chatGone, chatGone],
    [refusal(403, 'Forbidden: bot is not a member of the group chat'), chatGone, chatGone],
    [refusal(403, 'Forbidden: bot was blocked by the user'), chatGone, chatGone],
    [refusal(403, 'Forbidden: user is deactivated'), chatGone, chatGone],
    [
      refusal(400, 'Bad Request: BUTTON_DATA_INVALID'),
      { outcome: 'refused', code: '400' },
      { outcome: 'refused' },
    ],
  ]
  test.each(rows)('%o', (fault, send, update) => {
    expect(readDelivery(fault, 'send')).toMatchObject({ why: fault.text, ...send })
    expect(readDelivery(fault, { update: '7' })).toMatchObject(update)
  })

  test('a plain refusal names nothing as gone, so that no binding is given up for it', () => {
    expect(readDelivery(refusal(400, 'Bad Request: message is too long'), 'send')).not.toHaveProperty('gone')
  })
})

/** An error as node-fetch makes it. */
function fetchError(type: string, message: string, code?: string): Error {
  return Object.assign(new Error(message), { type, ...(code !== undefined && { code }) })
}

describe('what an error of the client means', () => {
  const url = `https://api.telegram.org/bot${TOKEN}/sendMessage`
  const rows: [unknown, object][] = [
    [
      new TelegramError({
        error_code: 429,
        description: 'Too Many Requests',
        parameters: { retry_after: 3 },
      }),
      { kind: 'refused', code: 429, retryAfter: 3000 },
    ],
    [
      new TelegramError({
        error_code: 400,
        description: 'upgraded',
        parameters: { migrate_to_chat_id: -1007 },
      }),
      { kind: 'refused', movedTo: '-1007' },
    ],
    [
      new TelegramError({ error_code: 502, description: 'Bad Gateway' }),
      { kind: 'unreached', text: 'HTTP 502 Bad Gateway' },
    ],
    [new TelegramError(JSON.parse('{"message":"captive"}')), { kind: 'unclear' }],
    [new TypeError("Cannot read properties of null (reading 'ok')"), { kind: 'unclear' }],
    [fetchError('aborted', 'The user aborted a request.'), { kind: 'unclear', text: 'no answer in time' }],
    [fetchError('system', `request to ${url} failed, reason: `, 'ECONNREFUSED'), { kind: 'unreached' }],
    [
      fetchError('system', `request to ${url} failed, reason: getaddrinfo`, 'ENOTFOUND'),
      { kind: 'unreached' },
    ],
    [
      fetchError('system', `request to ${url} failed, reason: Socks5 proxy rejected connection`),
      { kind: 'unreached' },
    ],
    [
      fetchError('system', `request to ${url} failed, reason: socket hang up`, 'ECONNRESET'),
      { kind: 'unclear' },
    ],
    [
      fetchError('invalid-json', `invalid json response body at ${url} reason: Unexpected token '<'`),
      { kind: 'unreached' },
    ],
    [
      fetchError('invalid-json', `invalid json response body at ${url} reason: Unexpected end of JSON input`),
      { kind: 'unclear' },
    ],
    ['thrown as a string', { kind: 'unclear' }],
  ]
  test.each(rows)('%o', (error, fault) => {
    const read = readFault(error, TOKEN)
    expect(read).toMatchObject(fault)
    expect(JSON.stringify(read)).not.toContain('AAE-secret')
  })
})
