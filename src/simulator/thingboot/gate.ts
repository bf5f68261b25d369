import { createFaultScript, type FaultScript } from '../kit/faults.ts'
import { type Answer, INVENTED, refuse } from './answer.ts'
import { orderOf, splitIds } from './control.ts'
import type { Interfaces } from './interfaces.ts'
import type { CallFault, CallRecord } from './records.ts'
import { checkSignature, type Verdict } from './signature.ts'
import type { World } from './world.ts'

/** An API call as HTTP or MQTT brought it. */
export interface Incoming {
  via: CallRecord['via']
  appId: string
  path: string
  /** Where sign, ts and debug are looked for. */
  query: Record<string, string>
  /** Query and body, as far as the interface is concerned; undefined if the body was unreadable. */
  params: Record<string, unknown> | undefined
}

/** What to answer, and what goes wrong with answering. */
export interface Outgoing {
  answer: Answer
  fault: CallFault | undefined
}

/** The one way in for API calls: checks, writes them down, lets faults hit them, answers. */
export interface Gate {
  readonly records: CallRecord[]
  readonly faults: FaultScript<CallRecord, CallFault>
  enter(incoming: Incoming): Outgoing
}

function noteOrder(record: CallRecord): void {
  const order = record.path === 'device/control' ? orderOf(record.params) : undefined
  if (!order) return
  record.order = order
  if (order.extra !== undefined) record.extra = String(order.extra)
}

export function createGate(world: World, interfaces: Interfaces): Gate {
  const records: CallRecord[] = []
  const faults = createFaultScript<CallRecord, CallFault>()

  /** The log-in stands for sign and ts on MQTT (our reading: the page mentions neither). */
  function check(incoming: Incoming): Verdict {
    const app = world.apps.get(incoming.appId)
    if (incoming.via === 'mqtt' && app) return { signature: 'login', app }
    return checkSignature({ app, query: incoming.query }, world.clock.now(), world.settings.tsWindow)
  }

  function note(incoming: Incoming, verdict: Verdict): CallRecord {
    const params = incoming.params ?? {}
    const ts = Number(incoming.query.ts)
    const record: CallRecord = {
      seq: records.length + 1,
      at: world.clock.now(),
      via: incoming.via,
      appId: incoming.appId,
      path: incoming.path,
      params,
      signature: verdict.signature,
      ...(incoming.query.ts !== undefined && { ts }),
      ...(incoming.query.sign !== undefined && { sign: incoming.query.sign }),
      devices: splitIds(params.device),
      outcome: 'lost',
      code: 0,
      msg: '',
      acted: [],
    }
    noteOrder(record)
    records.push(record)
    return record
  }

  function answerTo(incoming: Incoming, verdict: Verdict, record: CallRecord): Answer {
    const { app, refusal } = verdict
    if (!app) return refusal ?? refuse(5001, 'miss app id')
    if (!incoming.params) return refuse(INVENTED.badBody, 'unreadable body')
    return interfaces(incoming.path, { appId: app.appId, params: incoming.params, record })
  }

  return {
    records,
    faults,
    enter(incoming) {
      const verdict = check(incoming)
      const record = note(incoming, verdict)
      const fault = faults.hit(record)
      if (fault) record.fault = fault.kind
      const acts = !fault || fault.kind === 'slow' || fault.act === true
      const own = acts ? answerTo(incoming, verdict, record) : undefined
      if (own) record.outcome = own.code === 200 ? 'accepted' : 'refused'
      const answer =
        fault?.kind === 'code' ? refuse(fault.code, fault.msg ?? 'error') : (own ?? refuse(0, ''))
      record.code = answer.code
      record.msg = answer.msg
      return { answer, fault }
    },
  }
}
