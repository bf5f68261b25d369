import type { Config } from '../config/schema.ts'
import { toPolicy } from '../config/to-policy.ts'
import { forecastLines } from '../domain/forecast-lines.ts'
import { type Forecast, foresee } from '../domain/foresee.ts'
import type { Reach } from '../domain/lines.ts'
import { message } from '../domain/message.ts'
import type { BreakerConfig, Policy } from '../domain/policy.ts'
import { WAYS, type WayName } from '../domain/way.ts'
import { translator } from '../text/translate.ts'

/** So many breakers are named that all have the same forecast. */
const NAMED = 2

/** Breakers of which a trip would be told in the same way. */
export interface Alike {
  breakers: BreakerConfig[]
  forecast: Forecast
}

/** Who would be told when, and how, if each breaker tripped at this moment, by those that are alike. */
export function forecasts(config: Config, now: number): Alike[] {
  const policy = toPolicy(config)
  const reach = reachIn(config)
  const kinds = [...Map.groupBy(policy.breakers, (one) => kindOf(policy, one)).values()].map(
    (breakers): Alike => ({ breakers, forecast: foresee(policy, breakers[0]!, reach, now) }),
  )
  return [...Map.groupBy(kinds, (one) => JSON.stringify(one.forecast)).values()].map(
    (same): Alike => ({ ...same[0]!, breakers: same.flatMap((one) => one.breakers) }),
  )
}

/** The same in English, one breaker or several on a line and what would follow below. */
export function forecastText(config: Config, all: readonly Alike[]): string {
  const t = translator('en', config.timezone)
  return all
    .flatMap(({ breakers, forecast }) => {
      const names = breakers.slice(0, NAMED).map((one) => one.name)
      const more = breakers.length - names.length
      const { cause, severity } = forecast
      const title = message('plan.title', {
        breaker: more > 0 ? message('plan.and-more', { names: names.join(', '), more }) : names.join(', '),
        cause: message(`cause.${cause}`),
        severity: message(`severity.${severity}`),
      })
      return [t(title), ...forecastLines(forecast).map((line) => `  ${t(line)}`)]
    })
    .map((line) => `${line}\n`)
    .join('')
}

/** All that a forecast depends on, so that ten thousand breakers need no ten thousand forecasts. */
function kindOf({ escalations }: Policy, { id, room, site, groups, severity }: BreakerConfig): string {
  return JSON.stringify([room, site, groups, severity, escalations?.breakers[id]])
}

/** What a running service would have of what is configured. */
function reachIn({ notify = {}, channels }: Config): Reach {
  const { mail, voice, webhooks = {} } = notify
  const has: Record<WayName, boolean> = {
    voice: voice !== undefined,
    mail: mail !== undefined,
    webhook: Object.keys(webhooks).length > 0,
    'ding-phone': channels.dingtalk !== undefined,
    'ding-sms': channels.dingtalk !== undefined,
    'ding-app': channels.dingtalk !== undefined,
  }
  return {
    ways: new Set(WAYS.filter((way) => has[way])),
    channels: { has: (name) => channels[name] !== undefined },
  }
}
