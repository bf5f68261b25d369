import type { Deed, Escalation, Resolve, Step, TellWhat, Told } from './escalation.ts'

/** What one step does. */
export function deedsOf(step: Step, { round, run }: Escalation, resolve: Resolve): Deed[] {
  const isFirst = round === 0 && run === 1
  const what = isFirst ? 'raised' : 'repeated'
  const mention = step.mention === undefined ? undefined : resolve(step.mention)
  const call = step.call === undefined ? undefined : resolve(step.call)
  const reminds = mention !== undefined || (step.cards === true && !(isFirst && step.after === 0))
  return [
    ...(mention?.instead ? [{ do: 'nobody', wanted: step.mention!, instead: mention.people } as const] : []),
    ...(call?.instead ? [{ do: 'nobody', wanted: step.call!, instead: call.people } as const] : []),
    ...(reminds ? [{ do: 'remind', people: mention?.people ?? [] } as const] : []),
    ...(call?.people ?? []).map((person): Deed => ({ do: 'summon', person })),
    ...(step.mail ?? []).map((to): Deed => ({ do: 'mail', to, what })),
    ...(step.webhook === undefined ? [] : [{ do: 'hook', hook: step.webhook, what } as const]),
  ]
}

/** Whoever was told by mail or web-hook is told what has become of it. */
export function tellAgain({ told }: Escalation, what: TellWhat): Deed[] {
  return [
    ...told.mail.map((to): Deed => ({ do: 'mail', to, what })),
    ...told.hooks.map((hook): Deed => ({ do: 'hook', hook, what })),
  ]
}

/** True where one of them tells the same. */
export const isIn = (deeds: Deed[], deed: Deed): boolean =>
  deeds.some(
    (one) =>
      (one.do === 'mail' && deed.do === 'mail' && one.to === deed.to) ||
      (one.do === 'hook' && deed.do === 'hook' && one.hook === deed.hook),
  )

/** What several steps of one moment name is done once. */
export function unique(deeds: Deed[]): Deed[] {
  const seen = new Set<string>()
  return deeds.filter((deed) => {
    const key = JSON.stringify(deed)
    return !seen.has(key) && seen.add(key)
  })
}

/** Who has been told, with those whom deeds tell. */
export function withTold(told: Told, deeds: Deed[]): Told {
  const add = (names: string[], more: string[]) => [...new Set([...names, ...more])]
  return {
    mention: add(
      told.mention,
      deeds.flatMap((deed) => (deed.do === 'remind' ? deed.people : [])),
    ),
    call: add(
      told.call,
      deeds.flatMap((deed) => (deed.do === 'summon' ? [deed.person] : [])),
    ),
    mail: add(
      told.mail,
      deeds.flatMap((deed) => (deed.do === 'mail' ? [deed.to] : [])),
    ),
    hooks: add(
      told.hooks,
      deeds.flatMap((deed) => (deed.do === 'hook' ? [deed.hook] : [])),
    ),
  }
}
