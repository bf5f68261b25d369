import { z } from 'zod'
import { CHANNELS } from '../domain/people.ts'
import { BREAKERS, PLAYERS } from './cast.ts'
import { chatsAsSeenBy } from './chat-views.ts'
import { siteNamed } from './names.ts'
import { chatOf, PLACES } from './places.ts'
import type { Sims } from './sims.ts'
import type { Stage } from './stage.ts'
import { TROUBLED, TROUBLES } from './troubles.ts'

const player = z
  .enum(PLAYERS.map(({ key }) => key))
  .transform((key) => PLAYERS.find((one) => one.key === key)!)
const chat = z.enum(CHANNELS)
const place = z.enum(PLACES).default('group')
const breaker = z.enum(BREAKERS.map(({ id }) => id))
const site = z.string().transform((name, context) => {
  const known = siteNamed(name)
  if (known === undefined) context.addIssue('there is no such site')
  return known ?? z.NEVER
})
const circuit = z.templateLiteral(['power', z.union([z.literal(''), z.int().positive()])])
const CAUSES = [
  ...['overload', 'short-circuit', 'leakage', 'over-temperature'],
  ...['over-voltage', 'under-voltage', 'phase-loss', 'unknown'],
] as const

/** Who looks. */
export const viewerSchema = z.object({ as: player.prefault(PLAYERS[0]!.key) })

/** What can be done to a breaker. */
export const deedSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('trip'), breaker, circuit, cause: z.enum(CAUSES) }),
  z.strictObject({ do: z.literal('switch'), breaker, circuit, to: z.enum(['open', 'closed']) }),
  z.strictObject({ do: z.enum(['go-offline', 'go-online', 'jam', 'unjam']), breaker }),
  z.strictObject({ do: z.enum(['retrip', 'no-retrip']), breaker, cause: z.enum(CAUSES).default('overload') }),
  z.strictObject({ do: z.enum(['black-out', 'power-back']), site }),
  z.strictObject({ do: z.literal('trouble'), what: z.enum(TROUBLED), trouble: z.enum(TROUBLES) }),
])

/** The language that is spoken in the chats. */
export const languageSchema = z.strictObject({ locale: z.enum(['zh-CN', 'en']) })

/** How soon a breaker trips again after a close, ms: a permanent fault, and too late to share a card with the first trip. */
const RETRIP = 3500

/** A picture that stands in a chat. */
export const pictureSchema = z.strictObject({ chat, id: z.string() })

/** A press on a button that the person now sees. */
export const pressSchema = z.strictObject({
  ...{ as: player, chat, place },
  ...{ message: z.string(), button: z.string() },
})

/** A line typed into a chat. */
export const lineSchema = z.strictObject({
  ...{ as: player, chat, place },
  text: z.string().trim().min(1).max(500),
})

/** What the one who pressed is shown at once, apart from the card. */
export interface Answer {
  answered: boolean
  toast: string
  /** The toast is a box that has to be closed. */
  alert: boolean
}

/** Throws where it cannot be done, with a sentence that says why. */
export async function doTo(
  { sims: { thingboot }, retripping, dark, troubles }: Stage,
  deed: z.output<typeof deedSchema>,
): Promise<void> {
  switch (deed.do) {
    case 'trip':
      return thingboot.trip(deed.breaker, { circuit: deed.circuit, cause: deed.cause })
    case 'switch':
      return thingboot.switchByHand(deed.breaker, deed.to, deed.circuit)
    case 'go-offline':
      return thingboot.goOffline(deed.breaker)
    case 'go-online':
      return thingboot.goOnline(deed.breaker)
    case 'jam':
      return thingboot.jam(deed.breaker)
    case 'unjam':
      return thingboot.unjam(deed.breaker)
    case 'retrip':
      retripping.add(deed.breaker)
      return thingboot.retripAfter(deed.breaker, RETRIP, { cause: deed.cause, rise: false })
    case 'no-retrip':
      retripping.delete(deed.breaker)
      return thingboot.retripAfter(deed.breaker, undefined)
    case 'black-out':
      dark.add(deed.site)
      return void (await Promise.all(at(deed.site).map(({ id }) => thingboot.goOffline(id))))
    case 'power-back':
      dark.delete(deed.site)
      return void (await Promise.all(at(deed.site).map(({ id }) => thingboot.goOnline(id))))
    case 'trouble':
      return troubles.set(deed.what, deed.trouble)
  }
}

const at = (site: string) => BREAKERS.filter((one) => one.site === site)

type Press = z.output<typeof pressSchema>

/** Presses a button that stands on that person's screen; throws if there is none such. */
export async function press(sims: Sims, pressed: Press): Promise<Answer> {
  const { as, chat, message, button } = pressed
  if (chat === 'dingtalk') {
    const outcome = await sims.dingtalk.click(as.dingtalk, message, button).outcome
    return { answered: outcome === 'updated' || outcome === 'unchanged', toast: '', alert: false }
  }
  if (chat === 'wecom') {
    const outcome = await sims.wecom.click(message, as.wecom, button).outcome
    return { answered: outcome === 'updated' || outcome === 'unchanged', toast: '', alert: false }
  }
  return pressTelegram(sims, pressed)
}

async function pressTelegram(sims: Sims, { as, place, message, button: data }: Press): Promise<Answer> {
  const seen = chatsAsSeenBy(sims, as).telegram[place].find(({ id }) => id === message)
  const keyboard = seen?.body.type === 'telegram' ? seen.body.keyboard.flat() : []
  if (!keyboard.some(({ key }) => key === data))
    throw new Error(`there is no such button on message ${message}`)
  const ref = message.startsWith('e') ? { ephemeral: Number(message.slice(1)) } : Number(message)
  const answer = await sims.telegram.press(chatOf.telegram(place, as), ref, as.telegram, { data }).answered
  return { answered: answer !== undefined, toast: answer?.text ?? '', alert: answer?.showAlert ?? false }
}

/** Writes into a chat, to the bot where that platform wants it mentioned. */
export function write(sims: Sims, { as, chat, place, text }: z.output<typeof lineSchema>): void {
  if (chat === 'telegram') sims.telegram.say(chatOf.telegram(place, as), as.telegram, text)
  if (chat === 'dingtalk') sims.dingtalk.say(chatOf.dingtalk(place, as), as.dingtalk, text, { at: true })
  if (chat === 'wecom') sims.wecom.say(chatOf.wecom(place, as), as.wecom, text)
}
