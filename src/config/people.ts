import { CHANNELS } from '../domain/people.ts'
import type { Finding } from './faults.ts'
import type { Config } from './schema.ts'

/** People without any role, and roles at places that no breaker is at. */
export function rolesOfPeople({ people, breakers }: Config): Finding[] {
  const known = {
    sites: [...new Set(breakers.map((one) => one.site))],
    groups: [...new Set(breakers.flatMap((one) => one.groups))],
  }
  return people.flatMap((person, index): Finding[] => {
    if (!person.role && !person.roles) {
      return [
        {
          path: ['people', index, 'role'],
          problem: 'is missing: viewer, operator or admin, or roles by site',
        },
      ]
    }
    return (person.roles ?? []).flatMap((one, at) =>
      (['sites', 'groups'] as const).flatMap((kind) =>
        one[kind]
          .filter((name) => !known[kind].includes(name))
          .map((name) => ({
            path: ['people', index, 'roles', at, kind],
            problem: `no breaker has «${name}» among its ${kind}; there are: ${known[kind].join(', ') || 'none'}`,
          })),
      ),
    )
  })
}

/** Programs that could be taken for one another, or for a person, and roles at places that no breaker is at. */
export function programs({ api: { tokens }, people, breakers }: Config): Finding[] {
  const known = { sites: breakers.map((one) => one.site), groups: breakers.flatMap((one) => one.groups) }
  return tokens.flatMap((one, index): Finding[] => {
    const path = ['api', 'tokens', index]
    const unknown = (['sites', 'groups'] as const).flatMap((kind) =>
      one[kind].filter((name) => !known[kind].includes(name)).map((name) => ({ kind, name })),
    )
    return [
      ...([...people, ...tokens.slice(0, index)].some(({ name }) => name === one.name)
        ? [{ path: [...path, 'name'], problem: `«${one.name}» is taken: name each program otherwise` }]
        : []),
      ...(tokens.findIndex(({ token }) => token === one.token) < index
        ? [{ path: [...path, 'token'], problem: 'is another program’s too: give each its own' }]
        : []),
      ...(one.mayClose && one.role === 'viewer'
        ? [{ path: [...path, 'mayClose'], problem: 'needs the role operator or admin' }]
        : []),
      ...unknown.map(({ kind, name }) => ({
        path: [...path, kind],
        problem: `no breaker has «${name}» among its ${kind}`,
      })),
    ]
  })
}

/** Two entries that may be one person, who could then confirm what the same person asked. */
export function samePeople({ people }: Config): Finding[] {
  return (['phone', 'mail'] as const).flatMap((key) =>
    people.flatMap((person, index) => {
      const first = people.findIndex((one) => one[key] !== undefined && one[key] === person[key])
      if (first < 0 || first === index) return []
      const name = people[first]!.name
      const problem = `is also «${name}»’s: where two persons are needed these two count as two; if it is one person, make it one entry`
      return [{ path: ['people', index, key], problem }]
    }),
  )
}

/** Rotas without anybody, and people on them who cannot be called on. */
export function rotas({ duty = [], people, rooms }: Config): Finding[] {
  return duty.flatMap(({ room, rota }, index): Finding[] => {
    const path = ['duty', index, 'rota']
    if (rota.length === 0) return [{ path, problem: 'is empty: nobody is on duty' }]
    const home = rooms.find((one) => one.name === room)
    const chats = CHANNELS.filter((channel) => home?.[channel] !== undefined)
    return [...new Set(rota)].flatMap((name) => {
      const person = people.find((one) => one.name === name)
      if (!person) return [{ path, problem: `«${name}» is not under people` }]
      if (chats.length === 0 || chats.some((channel) => person[channel] !== undefined)) return []
      const problem = `«${name}» has no id on ${chats.join(' or ')}, where the chats of «${room}» are, and cannot be called on there`
      return [{ path, problem }]
    })
  })
}
