import type { Fleet } from '../chaos/fleet.ts'
import type { LogEntry } from '../src/simulator/dingtalk/index.ts'
import type { ApiCall } from '../src/simulator/telegram/index.ts'
import type { LoggedFrame } from '../src/simulator/wecom/index.ts'

/** What the platforms saw of the service. */
export interface Traffic {
  telegram: readonly ApiCall[]
  wecom: readonly LoggedFrame[]
  dingtalk: readonly LogEntry[]
}

export const trafficOf = ({ telegram, wecom, dingtalk }: Fleet): Traffic => ({
  telegram: telegram.calls,
  wecom: wecom.frames(),
  dingtalk: dingtalk.calls,
})

/** Sends and edits, and how many of them were throttled because of us: not by a fault of the plan. */
export interface Throttled {
  sent: number
  throttled: number
}

export function countThrottled({ telegram, wecom, dingtalk }: Traffic) {
  const calls = telegram.filter(({ method }) => /^(send|edit)/.test(method))
  const asked = wecom.filter((one) => one.direction === 'sent' && one.cmd?.startsWith('aibot_send') === true)
  const requests = dingtalk.filter(
    (one) => one.kind === 'request' && /^\/(v1\.0\/card|v1\.0\/robot|robot)\//.test(one.path),
  )
  return {
    telegram: {
      sent: calls.length,
      throttled: calls.filter((one) => one.status === 429 && !one.fault).length,
    },
    wecom: { sent: asked.length, throttled: wecom.filter(isThrottled).length },
    dingtalk: { sent: requests.length, throttled: requests.filter(isOverQps).length },
  } satisfies Record<keyof Traffic, Throttled>
}

/** A planned refusal says that it is one. */
const isThrottled = ({ direction, errcode, text }: LoggedFrame) =>
  direction === 'received' && (errcode === 846607 || errcode === 45009) && !text.includes('scripted failure')

/** The ready-made faults carry a request id of their own. */
const isOverQps = (entry: LogEntry) => {
  const answer = entry.kind === 'request' ? JSON.stringify(entry.answer ?? '') : ''
  return answer.includes('AccessDenied.QpsLimit') && !answer.includes('"FAULT"')
}
