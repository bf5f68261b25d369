import { type CallWay, CHANNELS } from '../domain/people.ts'
import { dialled, isMailAddress, isSender } from '../domain/way.ts'
import type { Finding } from './faults.ts'
import { SECRET_FORM } from './notify-schema.ts'
import type { Config } from './schema.ts'
import { isThisMachine } from './values.ts'

/** After the Standard Webhooks specification: 24 to 64 bytes, in base64. */
const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Steps and people that name what is not configured, and numbers and addresses that are none. */
export function findNotifyFaults(config: Config): Finding[] {
  return [
    ...sender(config),
    ...steps(config),
    ...config.people.flatMap((person, index) => ofPerson(config, person, index)),
  ]
}

function sender({ notify }: Config): Finding[] {
  if (!notify?.mail || isSender(notify.mail.from)) return []
  const problem = 'must be an address such as breakers@example.com, or BreakerBot <breakers@example.com>'
  return [{ path: ['notify', 'mail', 'from'], problem }]
}

function steps({ escalation = {}, notify }: Config): Finding[] {
  const hooks = Object.keys(notify?.webhooks ?? {})
  return Object.entries(escalation).flatMap(([name, policy]) =>
    policy.steps.flatMap(({ mail, webhook }, index): Finding[] => {
      const path = ['escalation', name, 'steps', index]
      const noMail = 'mails somebody, but notify.mail is not configured: enter smtp and from there'
      const noHook = `there is no web-hook «${webhook}» under notify.webhooks; there are: ${hooks.join(', ') || 'none'}`
      return [
        ...(mail && !notify?.mail ? [{ path: [...path, 'mail'], problem: noMail }] : []),
        ...(mail ?? [])
          // Without an @ it is the name of a person.
          .filter((address) => address.includes('@') && !isMailAddress(address))
          .map((address) => ({ path: [...path, 'mail'], problem: `«${address}» is no mail address` })),
        ...(webhook !== undefined && !hooks.includes(webhook)
          ? [{ path: [...path, 'webhook'], problem: noHook }]
          : []),
      ]
    }),
  )
}

type Person = Config['people'][number]

function ofPerson(config: Config, person: Person, index: number): Finding[] {
  const { phone, mail, ways = [] } = person
  const path = ['people', index]
  const isNoPhone = phone !== undefined && dialled(phone) === undefined
  const isNoMail = mail !== undefined && !isMailAddress(mail)
  return [
    ...(isNoPhone
      ? [{ path: [...path, 'phone'], problem: `«${phone}» is no phone number, such as 13900000000` }]
      : []),
    ...(isNoMail ? [{ path: [...path, 'mail'], problem: `«${mail}» is no mail address` }] : []),
    ...ways.flatMap((way, at) => {
      const lack = lackOf(config, person, way)
      return lack === undefined ? [] : [{ path: [...path, 'ways', at], problem: `${way} ${lack}` }]
    }),
  ]
}

/** What a way needs and has not; undefined if it leads to the person. */
function lackOf({ notify, channels }: Config, person: Person, way: CallWay): string | undefined {
  const lacks = (what: string | undefined, where: string) =>
    what === undefined ? `needs ${where} of this person` : undefined
  switch (way) {
    case 'voice':
      return notify?.voice ? lacks(person.phone, 'the phone') : 'needs notify.voice, which is not configured'
    case 'mail':
      return notify?.mail ? lacks(person.mail, 'the mail') : 'needs notify.mail, which is not configured'
    case 'chat':
      return CHANNELS.some((channel) => person[channel] !== undefined)
        ? undefined
        : 'needs an id of this person on a chat platform'
    default:
      return channels.dingtalk
        ? lacks(person.dingtalk, 'the dingtalk id')
        : 'needs channels.dingtalk, which is not configured'
  }
}

/** What tells more than it need, and what will come to nothing. */
export function findNotifyWarnings({ notify }: Config): Finding[] {
  const open = Object.entries(notify?.webhooks ?? {}).filter(
    ([, { url }]) => url.startsWith('http:') && !isThisMachine(url),
  )
  const unsigned = Object.entries(notify?.webhooks ?? {}).filter(([, { secret }]) => !SECRET.test(secret))
  return [
    ...open.map(([name]) => ({
      path: ['notify', 'webhooks', name, 'url'],
      problem: 'goes readable over the network: use https://, or a network of its own',
    })),
    ...unsigned.map(([name]) => ({
      path: ['notify', 'webhooks', name, 'secret'],
      problem: `cannot sign, so nothing will be sent there: ${SECRET_FORM}`,
    })),
  ]
}
