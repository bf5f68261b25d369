import type { Finding } from './faults.ts'
import type { Config } from './schema.ts'

/** Policies, sites, rooms and people that are named and are not there. */
export function findEscalationFaults(config: Config): Finding[] {
  const { rooms, sites, breakers, escalation: all = {}, drill } = config
  const names = Object.keys(all)
  const check = (list: { escalation?: string | undefined }[], key: string): Finding[] =>
    list.flatMap((one, index) =>
      one.escalation === undefined || names.includes(one.escalation)
        ? []
        : [
            {
              path: [key, index, 'escalation'],
              problem: `there is no policy «${one.escalation}» under escalation`,
            },
          ],
    )
  return [
    ...check(rooms, 'rooms'),
    ...check(sites, 'sites'),
    ...check(breakers, 'breakers'),
    ...sites.flatMap(({ name }, index) =>
      breakers.some((one) => one.site === name)
        ? []
        : [{ path: ['sites', index, 'name'], problem: `no breaker has the site «${name}»` }],
    ),
    ...names.flatMap((name) => faultsOfPolicy(config, name)),
    ...(drill?.rooms ?? []).flatMap((name, index) =>
      rooms.some((one) => one.name === name)
        ? []
        : [{ path: ['drill', 'rooms', index], problem: `there is no room «${name}»` }],
    ),
  ]
}

function faultsOfPolicy({ escalation: all = {}, people }: Config, name: string): Finding[] {
  const known = people.map((one) => one.name)
  return all[name]!.steps.flatMap((one, index): Finding[] => {
    const path = ['escalation', name, 'steps', index]
    const unknown = (key: 'mention' | 'call') => {
      const target = one[key]
      return target === undefined || ['duty', 'all', ...known].includes(target)
        ? []
        : [
            {
              path: [...path, key],
              problem: `«${target}» is not under people; write duty, all, or the name of a person`,
            },
          ]
    }
    const strangers = (one.mail ?? []).filter((to) => !to.includes('@') && !known.includes(to))
    const mailless = (one.mail ?? []).filter((to) =>
      people.some((person) => person.name === to && !person.mail),
    )
    const isEmpty = !(one.cards || one.mention || one.call || one.mail || one.webhook)
    return [
      ...unknown('mention'),
      ...unknown('call'),
      ...strangers.map((to) => ({
        path: [...path, 'mail'],
        problem: `«${to}» is no mail address, and not under people`,
      })),
      ...mailless.map((to) => ({ path: [...path, 'mail'], problem: `«${to}» has no mail under people` })),
      ...(isEmpty ? [{ path, problem: 'does nothing: give it cards, mention, call, mail or webhook' }] : []),
    ]
  })
}

/** Rooms where a policy calls on those on duty, and nobody ever is. */
export function findEscalationWarnings({
  escalation: all = {},
  duty = [],
  rooms,
  sites,
  breakers,
}: Config): Finding[] {
  const callsDuty = (name: string | undefined) =>
    all[name ?? 'default']?.steps.some((one) => one.mention === 'duty' || one.call === 'duty') ?? false
  const nameOf = (breaker: Config['breakers'][number], room: Config['rooms'][number]) =>
    breaker.escalation ?? sites.find((one) => one.name === breaker.site)?.escalation ?? room.escalation
  return rooms.flatMap((room, index): Finding[] => {
    const here = breakers.filter((one) => one.room === room.name)
    const isCalled = callsDuty(room.escalation) || here.some((one) => callsDuty(nameOf(one, room)))
    if (!isCalled || duty.some((one) => one.room === room.name && one.rota.length > 0)) return []
    const problem = `a policy calls those on duty in «${room.name}», but it has no rota under duty: the admins will be called in their stead`
    return [{ path: ['rooms', index], problem }]
  })
}
