import { type Client, createClient } from '../../channels/telegram/client.ts'
import type { ApiResult } from '../../channels/telegram/faults.ts'
import type { ChannelsConfig } from '../../config/schema.ts'
import { type Finding, field, ill, PATIENCE, type RoomChat, well } from './finding.ts'

/** No message has it: what asks for something about it is refused, but the chat is looked at first (inferred). */
const NO_MESSAGE = 2_147_483_647

/** Tries the token, how updates come, and each room's chat. Sends nothing. */
export async function tryTelegram(
  config: NonNullable<ChannelsConfig['telegram']>,
  chats: readonly RoomChat[],
): Promise<Finding[]> {
  const client = createClient({ ...config, callTimeout: PATIENCE })
  try {
    const answer = await client.call('getMe', {})
    const [me, name] = answer.ok ? [field(answer.result, 'id'), field(answer.result, 'username')] : []
    if (!answer.ok || typeof me !== 'number' || typeof name !== 'string') return [noBot(answer)]
    return [
      aboutBot(name, answer.result),
      await tryUpdates(client, config),
      ...(await Promise.all(chats.map((chat) => tryChat(client, me, chat)))),
    ]
  } finally {
    client.close()
  }
}

function noBot(answer: ApiResult): Finding {
  const why = answer.ok ? 'no usable answer' : answer.fault.text
  const isToken = !answer.ok && answer.fault.kind === 'refused'
  const mend = isToken
    ? 'check channels.telegram.token; @BotFather shows it by /mybots → API Token'
    : 'check channels.telegram.apiRoot and .proxy: from some countries Telegram is reached by a proxy only'
  return ill('telegram', `${why}; ${mend}`)
}

function aboutBot(name: string, me: unknown): Finding {
  if (field(me, 'can_join_groups') === false)
    return ill('telegram', `@${name} may not join groups: @BotFather, /setjoingroups, Enable`)
  const hearsAll = field(me, 'can_read_all_group_messages') === true
  const hears = hearsAll
    ? 'hears all that is said in its groups'
    : 'in groups it hears buttons, /commands@it and replies to it (privacy mode; an admin of the group hears all)'
  return well('telegram', `the bot is @${name}; ${hears}`)
}

/** A web-hook and polling exclude each other. */
async function tryUpdates(
  client: Client,
  { mode, webhookUrl }: NonNullable<ChannelsConfig['telegram']>,
): Promise<Finding> {
  const part = 'telegram updates'
  const answer = await client.call('getWebhookInfo', {})
  if (!answer.ok) return ill(part, answer.fault.text)
  const [url, error] = [field(answer.result, 'url'), field(answer.result, 'last_error_message')]
  if (mode === 'polling')
    return url
      ? ill(
          part,
          'a web-hook is set for this bot, while mode is polling: the service takes it away at its start; if another service set it, give one of them a bot of its own',
        )
      : well(part, 'fetched by the service (polling)')
  const isOurs =
    typeof url === 'string' && webhookUrl !== undefined && url.startsWith(webhookUrl.replace(/\/+$/, ''))
  if (!isOurs)
    return ill(
      part,
      `the web-hook is not set to ${webhookUrl}: the service sets it at its start; if it was running, another service has set its own`,
    )
  return error
    ? ill(part, `the last push to ${webhookUrl} failed: ${error}`)
    : well(part, `pushed to ${webhookUrl}`)
}

async function tryChat(client: Client, me: number, { room, chat }: RoomChat): Promise<Finding> {
  const part = `telegram ${room}`
  const [chat_id] = chat.split('/')
  const found = await client.call('getChat', { chat_id })
  if (!found.ok) return ill(part, `${chat}: ${whyNot(found)}`)
  const moved = await client.call('pinChatMessage', { chat_id, message_id: NO_MESSAGE })
  if (!moved.ok && moved.fault.kind === 'refused' && moved.fault.movedTo)
    return ill(part, `${chat} became a supergroup with the id ${moved.fault.movedTo}: enter that one`)
  const member = await client.call('getChatMember', { chat_id, user_id: me })
  if (!member.ok) return ill(part, `${chat}: ${member.fault.text}`)
  const title = field(found.result, 'title') ?? field(found.result, 'first_name') ?? ''
  const why = whyMute(found.result, member.result)
  return why ? ill(part, `${chat} «${title}»: ${why}`) : well(part, `${chat} «${title}»: the bot may write`)
}

function whyNot({ fault }: Extract<ApiResult, { ok: false }>): string {
  if (/kicked/i.test(fault.text)) return `the bot was taken out (${fault.text}): add it to the group again`
  if (/not a member/i.test(fault.text)) return `the bot is not in it (${fault.text}): add it to the group`
  if (/not found/i.test(fault.text))
    return `there is no such chat for this bot (${fault.text}): check the id, minus sign included; «bind», sent there, prints it`
  if (/deleted/i.test(fault.text)) return `the group is gone (${fault.text}): bind another`
  return fault.text
}

/** Why the bot may not write where it is. */
function whyMute(chat: unknown, member: unknown): string | undefined {
  const [status, type] = [field(member, 'status'), field(chat, 'type')]
  if (status === 'left' || status === 'kicked') return 'the bot is not in it: add it to the group'
  if (status === 'restricted' && field(member, 'can_send_messages') === false)
    return 'the bot may not write there: lift its restriction in the group’s permissions'
  if (type === 'channel' && field(member, 'can_post_messages') !== true)
    return 'the bot may not post in this channel: make it an admin that may'
  const isSilent = field(field(chat, 'permissions'), 'can_send_messages') === false
  return isSilent && status === 'member' ? 'members may not write there: make the bot an admin' : undefined
}
