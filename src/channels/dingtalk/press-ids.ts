/**
 * Names presses. DingTalk gives a press no id of its own: `headers.messageId` changes when the callback comes again
 * (reported for robot messages), and the button alone would make the second honest press of «energy» vanish. So a
 * press keeps its id for as long as it is not acknowledged: what comes again from the same person on the same
 * button meanwhile is the same deed. After the ACK it is a new one, which the nonce in the button's data and the
 * state of the incident make harmless.
 */
export interface PressIds {
  idOf(press: Pressed, messageId: string): string
  acknowledged(press: Pressed): void
}

export interface Pressed {
  message: string
  sender: string
  data: string
}

/** Longer than any redelivery reported (16 s and 60 s apart). */
const KEEP = 5 * 60_000

export function createPressIds(now: () => number): PressIds {
  const open = new Map<string, { id: string; until: number }>()
  const keyOf = ({ message, sender, data }: Pressed) => JSON.stringify([message, sender, data])

  return {
    idOf(press, messageId) {
      for (const [key, { until }] of open) if (until <= now()) open.delete(key)
      const key = keyOf(press)
      const id = open.get(key)?.id ?? `${press.message}:${press.sender}:${press.data}:${messageId}`
      open.set(key, { id, until: now() + KEEP })
      return id
    },
    acknowledged: (press) => void open.delete(keyOf(press)),
  }
}
