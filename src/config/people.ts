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
