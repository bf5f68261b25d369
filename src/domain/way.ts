/** The ways in one direction to a person, or to another system. */
export const WAYS = ['voice', 'ding-phone', 'ding-sms', 'ding-app', 'mail', 'webhook'] as const
export type WayName = (typeof WAYS)[number]

/** Those that lead to one person. */
export const PERSONAL_WAYS = [
  'voice',
  'ding-phone',
  'ding-sms',
  'ding-app',
  'mail',
] as const satisfies WayName[]
export type PersonalWay = (typeof PERSONAL_WAYS)[number]

/** One mail address and nothing else: no list, no name, no line break. */
export const isMailAddress = (text: string): boolean =>
  /^[^\s@<>()[\],;:"\\]{1,64}@[^\s@<>()[\],;:"\\]{1,255}$/.test(text)

/** The bare address of `Name <address>`. */
export const addressOf = (sender: string): string => /<([^<>]*)>\s*$/.exec(sender)?.[1] ?? sender.trim()

/** Whether a text may stand as the sender of mails: an address, with or without a name in front of it. */
export const isSender = (text: string): boolean => !/[\r\n]/.test(text) && isMailAddress(addressOf(text))

/**
 * A phone number in digits: `13900000000`, a landline with its area code, others with the country's and no plus.
 * @returns undefined where it is none
 */
export function dialled(phone: string): string | undefined {
  const bare = phone.replace(/[\s().-]/g, '')
  const number = bare.replace(/^(?:\+|00)86/, '').replace(/^(?:\+|00)/, '')
  return /^\d{5,15}$/.test(number) ? number : undefined
}
