import type { Alarm } from './alarm.ts'
import { type Drill, drillDeeds } from './drill.ts'
import { type Deed, TOLD_NOBODY } from './escalation.ts'

/** An alarm that is a drill. */
export type DrillAlarm = Alarm & { drill: Drill }

export const isDrill = (alarm: Alarm): alarm is DrillAlarm => alarm.drill !== undefined

/** The deeds of an escalation as a drill does them, and the drill with its next step noted. */
export function drilled(
  { drill, escalation, status }: DrillAlarm,
  all: readonly Deed[],
): { drill: Drill; deeds: Deed[] } {
  const deeds = drillDeeds(all, escalation?.told ?? TOLD_NOBODY)
  if (status === 'resolved') return { drill, deeds }
  const after = drill.times[drill.steps.length] ?? 0
  return { drill: { ...drill, steps: [...drill.steps, { after, deeds }] }, deeds }
}
