import { CALLED_BY, type CallWay, type ChannelName, type Person } from './people.ts'

/** A way to call somebody, and the address there. */
export interface Line {
  way: CallWay
  to: string
}

/** What is configured by which somebody could be called. */
export interface Reach {
  ways: { has(way: Exclude<CallWay, 'chat'> | 'webhook'): boolean }
  channels: { has(name: ChannelName): boolean }
}

/** The ways of somebody that can be tried, in their order. */
export function linesOf(person: Person | undefined, { ways, channels }: Reach): Line[] {
  // That a message was sent says least: it is the last, whatever the order.
  const all = addressesOf(person).toSorted((a, b) => Number(a.way === 'chat') - Number(b.way === 'chat'))
  return all.flatMap(({ way, to }): Line[] => {
    if (way !== 'chat') return ways.has(way) ? [{ way, to }] : []
    const id = Object.entries(person!.ids).find(([name]) => channels.has(name as ChannelName))?.[1]
    return id === undefined ? [] : [{ way, to: id }]
  })
}

/** The ways for which somebody has an address, and that are not configured. */
export function missingWays(person: Person | undefined, reach: Reach): CallWay[] {
  const there = linesOf(person, reach)
  return addressesOf(person)
    .map(({ way }) => way)
    .filter((way) => !there.some((one) => one.way === way))
}

function addressesOf(person: Person | undefined): Line[] {
  if (!person) return []
  const { ids, phone, mail, ways = CALLED_BY } = person
  const chat = Object.values(ids)[0]
  return ways.flatMap((way): Line[] => {
    const to = way === 'chat' ? chat : way === 'voice' ? phone : way === 'mail' ? mail : ids.dingtalk
    return to === undefined ? [] : [{ way, to }]
  })
}
