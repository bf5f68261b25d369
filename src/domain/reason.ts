import { type Message, type MessageKey, message } from './message.ts'

type ReasonKey = Extract<MessageKey, `reason.${string}`>

/**
 * Why something could not be told, as adapters and providers say it, in English or whatever language they have, and the
 * words for it. What has a name in a pattern stands in the words; `detail` is all that was said where nothing else is.
 */
const REASONS: readonly (readonly [RegExp, ReasonKey])[] = [
  // What our own side says of any of them.
  [/^no answer from (?<who>\S+) (?:in time|within \d+ ms)$/, 'reason.no-answer'],
  [/^(?<who>Aliyun) (?:did not answer|could not be reached) in time$/, 'reason.no-answer'],
  [/^no answer in time$/, 'reason.silent'],
  [/^(?:the )?connection to (?<who>\S+) failed: (?<detail>.*)$/, 'reason.unreached'],
  [/^(?:the answer (?:cannot be read|is not of|does not say)|sent, but the answer)/, 'reason.unread'],
  [/^(?:the service is stopping|the channel has been stopped|the service was stopped)/, 'reason.stopping'],
  [/^(?:not connected to WeCom|another instance holds the connection)$/, 'reason.not-connected'],
  [/^the chat, or the bot, has had as much as the platform takes$/, 'reason.no-room'],
  [/^(?:channel )?(?<what>\S+) is not configured(?: any more)?$/, 'reason.not-configured'],
  [/^no chat with this person is configured any more$/, 'reason.no-chat'],
  [/^there is no web-hook «(?<what>.*)» under notify\.webhooks$/, 'reason.no-hook'],
  [/^«(?<what>.*)» has no mail address$/, 'reason.no-mail'],
  [/^the recipient is no mail address/, 'reason.mail-address'],
  [/^that is no phone number/, 'reason.phone'],
  // Mail.
  [/^the mail server cannot be reached: (?<detail>.*)$/, 'reason.mail-unreached'],
  [/^the mail server was too slow$/, 'reason.mail-slow'],
  [/^the mail server did not say whether it took it: (?<detail>.*)$/, 'reason.mail-unsure'],
  [
    /^(?:no log-in:|it wants a user|it wants another way to log in|user or password is wrong)/,
    'reason.mail-login',
  ],
  [/^the server is busy or closing/, 'reason.mail-busy'],
  [/^the mailbox or the server is full/, 'reason.mail-full'],
  [/^the address does not exist/, 'reason.mail-address'],
  [/^the address is not allowed/, 'reason.mail-from'],
  [/^the server does not take the mail/, 'reason.mail-said'],
  [/^the mail server said (?<detail>.*)$/, 'reason.mail-said'],
  // Web-hooks.
  [/^(?<who>\S+) answered (?<status>\d+):.* compare the secret/, 'reason.hook-secret'],
  [/^(?<who>\S+) answered (?<status>\d+): (?:check the address|a redirect)/, 'reason.hook-address'],
  [/^(?<who>\S+) answered (?<status>\d+): it wants no more/, 'reason.hook-gone'],
  [/^(?<who>\S+) answered (?<status>\d+)$/, 'reason.hook-answered'],
  // Aliyun's calls.
  [/^isv\.\w+: the account (?:is shut|has not enough)/, 'reason.voice-money'],
  [
    /^isv\.\w+: (?:the voice service is not opened|there is no such account|something is wrong with the account)/,
    'reason.voice-account',
  ],
  [
    /^isv\.\w+: (?:there is no such template|the template has variables|a parameter is wrong|the variables are)/,
    'reason.voice-template',
  ],
  [/^isv\.\w+: a variable /, 'reason.voice-words'],
  [/^isv\.\w+: the caller’s number is not yours/, 'reason.voice-caller'],
  [/^isv\.\w+: the called number is /, 'reason.voice-called'],
  [/^isv\.\w+: so many calls to one number/, 'reason.voice-often'],
  [/^[\w.]+: the clock of this machine/, 'reason.clock'],
  [/^[\w.]+: (?:the key may not call|accessKey(?:Secret|Id) is wrong)/, 'reason.credentials'],
  // Telegram, DingTalk, WeCom: their own words are matched by what stays the same in them.
  [/bot was blocked by the user/i, 'reason.blocked'],
  [/bot can't initiate conversation|bot was never started/i, 'reason.not-started'],
  [/bot was kicked|bot is not a member|^93006:/i, 'reason.thrown-out'],
  [/not enough rights|no write access|chat_write_forbidden/i, 'reason.may-not-write'],
  [/chat not found|^93008:|^93001:|openConversationId|openSpaceIdInvalid/i, 'reason.chat-unknown'],
  [/does not know this staff id|userIdNotExist/, 'reason.person-unknown'],
  [
    /^Too Many Requests|too many messages for this person|QpsLimit|tooFast|too\.(?:fast|many)|^(?:846607|45009|45033):/i,
    'reason.too-often',
  ],
  [/has blocked this IP address/, 'reason.ip-banned'],
  [/IpNotInWhiteList/, 'reason.ip-not-listed'],
  [/ApiCountLimitForOrg/, 'reason.quota'],
  [/AccessTokenPermissionDenied/, 'reason.scope'],
  [/^Unauthorized|^InvalidAuthentication|invalidClientIdOrSecret|^853000:/, 'reason.credentials'],
  [/^40201:/, 'reason.offence'],
  [/a web page answered in place/, 'reason.page'],
  [/^HTTP 5\d\d|^-1:/, 'reason.platform-busy'],
]

/** A reason in words that can be put into any language, with what was said where that tells more; else as it came. */
export function reasonOf(why: string): Message | string {
  for (const [pattern, key] of REASONS) {
    const found = pattern.exec(why)
    if (found) return message(key, { detail: why, ...found.groups })
  }
  return why
}
