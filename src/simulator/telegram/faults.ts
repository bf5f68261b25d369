import type { TelegramFault } from './api.ts'
import { describe, type ErrorParameters } from './errors.ts'

const error = (code: number, message: string, parameters?: ErrorParameters): TelegramFault => ({
  kind: 'error',
  code,
  description: describe(code, message),
  ...(parameters && { parameters }),
})

const page = (status: number, title: string, done = false): TelegramFault => ({
  kind: 'body',
  status,
  done,
  contentType: 'text/html',
  body: `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n`,
})

type Group = 'group' | 'supergroup' | 'channel'

/** Ready-made faults in Telegram's own words. */
export const telegramFaults = {
  /** Seconds. */
  tooMany: (retryAfter: number) => error(429, `Retry after ${retryAfter}`, { retry_after: retryAfter }),
  kicked: (from: Group = 'supergroup') => error(403, `Bot was kicked from the ${from} chat`),
  notMember: (of: Group = 'supergroup') => error(403, `Bot is not a member of the ${of} chat`),
  groupDeleted: () => error(403, 'The group chat was deleted'),
  blocked: () => error(403, 'Bot was blocked by the user'),
  deactivated: () => error(403, 'User is deactivated'),
  noRights: (what = 'text messages') => error(400, `Not enough rights to send ${what} to the chat`),
  noWriteAccess: () => error(400, 'Have no write access to the chat'),
  chatNotFound: () => error(400, 'Chat not found'),
  migrated: (to: number) =>
    error(400, 'Group chat was upgraded to a supergroup chat', { migrate_to_chat_id: to }),
  threadNotFound: () => error(400, 'Message thread not found'),
  cannotParse: () => error(400, `Can't parse entities: Can't find end tag corresponding to start tag "b"`),
  editNotFound: () => error(400, 'Message to edit not found'),
  queryTooOld: () => error(400, 'Query is too old and response timeout expired or query ID is invalid'),
  otherPoller: () =>
    error(409, 'Terminated by other getUpdates request; make sure that only one bot instance is running'),
  webhookActive: () =>
    error(
      409,
      "Can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ),
  unauthorized: () => error(401, ''),
  internal: () => error(500, ''),
  badGateway: () => page(502, '502 Bad Gateway'),
  /** With `done` after the work was carried out. */
  gatewayTimeout: (done = false) => page(504, '504 Gateway Time-out', done),
  /** A wrong root: some web server answers. */
  notFoundPage: () => page(404, '404 Not Found'),
  /** 200 from something that is not Telegram. */
  portal: () => page(200, 'Welcome to this network'),
  /** The work is done, the answer is cut off in the middle of the JSON. */
  truncated: (): TelegramFault => ({ kind: 'truncated' }),
  reset: (when: 'before' | 'after'): TelegramFault => ({ kind: 'reset', when }),
  hang: (done = false): TelegramFault => ({ kind: 'hang', done }),
  slow: (ms: number, drip = false): TelegramFault => ({ kind: 'slow', ms, drip }),
}
