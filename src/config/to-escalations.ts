import type { Escalations, Step, Target } from '../domain/escalation.ts'
import type { Config } from './schema.ts'

/** The same in the form that decisions use. */
export function toEscalations({ escalation: all, rooms, sites, breakers }: Config): {
  escalations?: Escalations
} {
  if (!all) return {}
  const policies = Object.entries(all).map(([name, { steps, ...rest }]) => [
    name,
    { name, ...rest, steps: steps.map(toStep) },
  ])
  const named = <T extends { escalation?: string | undefined }>(list: T[], key: (one: T) => string) =>
    Object.fromEntries(
      list.flatMap((one) => (one.escalation === undefined ? [] : [[key(one), one.escalation]])),
    )
  return {
    escalations: {
      policies: Object.fromEntries(policies),
      rooms: named(rooms, (one) => one.name),
      sites: named(sites, (one) => one.name),
      breakers: named(breakers, (one) => one.id),
    },
  }
}

function toStep(one: NonNullable<Config['escalation']>[string]['steps'][number]): Step {
  const { after, cards, mention, call, mail, webhook, severity, causes } = one
  return {
    after,
    ...(cards && { cards }),
    ...(mention !== undefined && { mention: toTarget(mention) }),
    ...(call !== undefined && { call: toTarget(call) }),
    ...(mail && { mail }),
    ...(webhook !== undefined && { webhook }),
    ...(severity && { severity }),
    ...(causes && { causes }),
  }
}

const toTarget = (name: string): Target => (name === 'duty' || name === 'all' ? name : { person: name })
