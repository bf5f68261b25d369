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
