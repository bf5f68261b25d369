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

/** Steps that call on those on duty where no room has a rota. */
export function findEscalationWarnings({ escalation: all = {}, duty = [] }: Config): Finding[] {
  if (duty.some((one) => one.rota.length > 0)) return []
  return Object.entries(all).flatMap(([name, { steps }]) =>
    steps.flatMap((one, index) =>
      [one.mention, one.call].includes('duty')
        ? [
            {
              path: ['escalation', name, 'steps', index],
              problem:
                'calls those on duty, but there is no rota under duty: the admins will be called in their stead',
            },
          ]
        : [],
    ),
  )
}
