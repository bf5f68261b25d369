import { newBreaker } from '../../../src/domain/breaker.ts'
import { type CloseOrder, type ClosePermit, permitToClose } from '../../../src/domain/closing-gate.ts'
import { newOperation } from '../../../src/domain/operation.ts'
import type { ControlOptions, ThingbootClient } from '../../../src/thingboot/client.ts'
import { actor, JIA, POLICY, PUMP } from './site.ts'

/** A permit for any order, as the gate gives it where nothing stands against it. */
export function permitFor({ device, circuit, extra }: CloseOrder, now: number): ClosePermit {
  const [id, by] = ['op', actor(JIA)]
  const operation = {
    ...newOperation({ id, ref: extra, nonce: 'nonce', to: 'closed', actor: by, now, policy: POLICY }),
    ref: extra,
  }
  const state = { position: 'open', opening: { by: 'command', actor: by }, operation } as const
  const answer = permitToClose(
    {
      policy: POLICY,
      config: { ...PUMP, id: device },
      breaker: { ...newBreaker(device), circuits: { [circuit]: state } },
      circuit,
      incident: undefined,
      now,
      fresh: { at: now, online: true, position: 'open' },
    },
    operation,
  )
  if ('reasons' in answer) throw new Error(`the gate refuses: ${JSON.stringify(answer.reasons)}`)
  return answer.permit
}

/** The client, each of whose closes gets the permit that it needs. */
export function withPermits(client: ThingbootClient, now: () => number) {
  return {
    ...client,
    close(device: string, circuit: string, extra: string, options: Pick<ControlOptions, 'signal'> = {}) {
      const order = { device, circuit, extra }
      return client.close(order, async () => permitFor(order, now()), options)
    },
  }
}
