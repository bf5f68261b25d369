import { createClient } from '../channels/telegram/client.ts'
import type { Config } from '../config/schema.ts'
import { toPolicy } from '../config/to-policy.ts'
import { wordFor } from '../domain/command.ts'
import type { ChannelName } from '../domain/people.ts'
import { type BindTarget, createBindCodes } from '../engine/bind-codes.ts'
import { idOf, targetsOf } from '../engine/bound-policy.ts'
import { type Args, CONFIG_HELP, CONFIG_OPTION, type Command, UsageError } from './command.ts'
import { field } from './online/finding.ts'
import { readConfig } from './read-config.ts'

export const bind: Command = {
  help: `Usage: breakerbot bind --room NAME | --person NAME [--config FILE]

Prints a one-time code for each chat platform, good for 15 minutes. Sent to the bot in a group, that group becomes the
room's chat on that platform; sent by a person, in the group or one-to-one, that account becomes the person's. It holds
at once and outlasts restarts. The service may run meanwhile, and need not. Whoever has a code can use it: hand it to
nobody else.

      --room NAME     a room of the configuration
      --person NAME   a person of the configuration; the role is the one that stands there
${CONFIG_HELP}`,
  options: { ...CONFIG_OPTION, room: { type: 'string' }, person: { type: 'string' } },
  async run(args) {
    const config = readConfig(args, () => {})
    const target = targetOf(args, config)
    const codes = createBindCodes(config.thingboot.appSecret)
    const now = Date.now()
    const bot = config.channels.telegram && (await botName(config.channels.telegram))
    const lines = channelsOf(config).map((channel) => {
      const filed = idOf(toPolicy(config), target, channel)
      if (filed !== undefined) return [channel, `${filed} stands in the configuration: change it there`]
      const { code } = codes.make(channel, target, now)
      const word = wordFor('bind', config.locale === 'en' ? 'en' : 'zh')
      const link = channel === 'telegram' && bot ? `, or open ${deepLink(bot, target, code)}` : ''
      return [channel, `send to the bot: ${word} ${code}${link}`]
    })
    const until = new Date(codes.make('telegram', target, now).until).toLocaleTimeString('en-GB', {
      timeZone: config.timezone,
      timeStyle: 'short',
    })
    const rows = lines.map(([channel, text]) => `  ${channel!.padEnd(10)}${text}`)
    process.stdout.write(
      `${target.kind} «${target.name}», each code once, until ${until} (${config.timezone}):\n${rows.join('\n')}\n`,
    )
    return 0
  },
}

/** @throws UsageError for a name that does not stand in the configuration */
function targetOf({ options: { room, person } }: Args, config: Config): BindTarget {
  if ((typeof room === 'string') === (typeof person === 'string'))
    throw new UsageError(`name a room or a person\n\n${bind.help}`)
  const kind = typeof room === 'string' ? 'room' : 'person'
  const name = String(room ?? person)
  const all = targetsOf(config).filter((one) => one.kind === kind)
  const found = all.find((one) => one.name === name)
  if (!found) {
    const names = all.map((one) => `«${one.name}»`).join(', ') || 'none'
    throw new UsageError(`there is no ${kind} «${name}» in the configuration; there are: ${names}`)
  }
  return found
}

const channelsOf = ({ channels }: Config) =>
  (['wecom', 'dingtalk', 'telegram'] as const satisfies ChannelName[]).filter(
    (one) => channels[one] !== undefined,
  )

/** The link adds the bot to a group, or opens the chat with it, and sends it the code. */
const deepLink = (bot: string, { kind }: BindTarget, code: string) =>
  `https://t.me/${bot}?${kind === 'room' ? 'startgroup' : 'start'}=${code}`

/** Undefined where Telegram does not tell within a few seconds: then there is no link. */
async function botName(telegram: NonNullable<Config['channels']['telegram']>): Promise<string | undefined> {
  const client = createClient({ ...telegram, callTimeout: 4000 })
  try {
    const answer = await client.call('getMe', {})
    const name = answer.ok ? field(answer.result, 'username') : undefined
    return typeof name === 'string' ? name : undefined
  } finally {
    client.close()
  }
}
