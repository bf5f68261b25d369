import { forecastLines } from '../domain/forecast-lines.ts'
import { foresee } from '../domain/foresee.ts'
import { type Message, message } from '../domain/message.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { policyNow } from './control.ts'
import type { Parts } from './parts.ts'

/** `告警计划 3号增氧机`: who would be told when and how, if it tripped now and nobody acknowledged. */
export async function planAnswer(parts: Parts, breaker: BreakerConfig): Promise<Message[]> {
  const forecast = foresee(await policyNow(parts), breaker, parts, parts.now())
  const { cause, severity } = forecast
  const title = message('plan.title', {
    breaker: breaker.name,
    cause: message(`cause.${cause}`),
    severity: message(`severity.${severity}`),
  })
  return [title, ...forecastLines(forecast)]
}
