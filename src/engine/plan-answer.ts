import { forecastLines } from '../domain/forecast-lines.ts'
import { foresee } from '../domain/foresee.ts'
import { zoneOf } from '../domain/local-time.ts'
import { dateTime, type Message, message } from '../domain/message.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { hushFor } from '../domain/window.ts'
import { policyNow } from './control.ts'
import type { Parts } from './parts.ts'

/** `告警计划 3号增氧机`: who would be told when and how, if it tripped now and nobody acknowledged. */
export async function planAnswer(parts: Parts, breaker: BreakerConfig): Promise<Message[]> {
  const now = parts.now()
  const policy = await policyNow(parts)
  const forecast = foresee(policy, breaker, parts, now)
  const { cause, severity } = forecast
  const title = message('plan.title', {
    breaker: breaker.name,
    cause: message(`cause.${cause}`),
    severity: message(`severity.${severity}`),
  })
  const { room, site, id } = breaker
  const hush = hushFor(policy.windows, { room, site, breaker: id }, severity, now, zoneOf(policy, room))
  const quiet = hush && message(`plan.under-${hush.kind}`, { until: dateTime(hush.until) })
  return [title, ...(quiet ? [quiet] : []), ...forecastLines(forecast)]
}
