import { randomUUID } from 'node:crypto'
import type { Core } from './core.ts'
import type { Ack, Frame } from './frames.ts'
import { fields } from './read.ts'
import type { SocketEvents, StreamSocket } from './sockets.ts'

/** Something to be pushed to an app, each time under a new message id. */
export type Push = Omit<Frame, 'messageId'> & { clientId: string }

/** Takes the ACK of a push; says whether it came too late to count. */
type TakeAck = (ack: Ack) => { late: boolean }

/** Delivery to one of an app's live sockets, the ledger of ACKs, and redelivery. */
export function createPushes(core: Core, liveSockets: () => StreamSocket[], random: () => number) {
  const ledger = new Map<string, { socket: string; taken: boolean; takeAck: TakeAck }>()
  const kept: { push: Push; deliver: () => void }[] = []

  /** Sends it to one live socket of the app that subscribed, at random (documented). False: nobody was there. */
  const deliver = (push: Push, takeAck: TakeAck): boolean => {
    const { clientId, ...frame } = push
    const takers = liveSockets().filter(
      (socket) =>
        socket.clientId === clientId && socket.state !== 'going away' && socket.takes(push.type, push.topic),
    )
    const socket = takers[Math.floor(random() * takers.length)]
    if (!socket) return false
    const messageId = randomUUID()
    ledger.set(messageId, { socket: socket.id, taken: false, takeAck })
    socket.send({ ...frame, messageId })
    return true
  }

  const lose = ({ clientId, topic, data }: Push) => {
    core.record.tally.messagesLost++
    core.record.note({ kind: 'lost', clientId, topic, data })
  }

  /** Robot messages and events: comes again until it is acknowledged, as often as the behaviour says. */
  const deliverReliably = (push: Push): void => {
    let acknowledged = false
    let again = core.behaviour.redeliverTimes
    const takeAck: TakeAck = (ack) => {
      const late = acknowledged
      acknowledged ||= ack.code === 200 && fields(ack.data).status !== 'LATER'
      return { late }
    }
    const repeat = () => {
      if (acknowledged) return
      if (again-- <= 0) return lose(push)
      if (deliver(push, takeAck)) core.record.tally.redeliveries++
      core.timers.after(core.behaviour.redeliverAfter, repeat)
    }
    if (deliver(push, takeAck)) core.timers.after(core.behaviour.redeliverAfter, repeat)
    else if (core.behaviour.keepForAbsent) kept.push({ push, deliver: () => deliverReliably(push) })
    else lose(push)
  }

  const events: SocketEvents = {
    opened(socket) {
      const due = kept.filter(
        ({ push }) => push.clientId === socket.clientId && socket.takes(push.type, push.topic),
      )
      for (const one of due) {
        kept.splice(kept.indexOf(one), 1)
        one.deliver()
      }
    },
    acked(socket, ack) {
      const entry = ledger.get(ack.messageId)
      if (!entry) return core.record.violation(`ACK of an unknown message ${ack.messageId}`)
      if (entry.socket !== socket.id) {
        return core.record.violation(`ACK on ${socket.id} of a message that went to ${entry.socket}`)
      }
      if (entry.taken) return core.record.violation(`second ACK of message ${ack.messageId}`)
      entry.taken = true
      const { code, messageId, data } = ack
      // The log tells of the ACK before what it brings about.
      const logged = core.record.note({
        kind: 'ack' as const,
        socket: socket.id,
        messageId,
        code,
        data,
        late: false as boolean,
      })
      logged.late = entry.takeAck(ack).late
    },
  }
  return { deliver, deliverReliably, events }
}

export type Pushes = ReturnType<typeof createPushes>

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
