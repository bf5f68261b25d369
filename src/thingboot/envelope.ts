import { decoded, deviceIdOf, type Fields, isFields } from './values.ts'

/** One message taken out of whatever a push wrapped it in. */
export interface Envelope {
  device: string
  /** The message's own fields, with those of {@link INHERITED} from around it where it lacks them. */
  fields: Fields
}

/** What a message may leave to its wrapping to say. */
const INHERITED = ['type', 'topic', 'message', 'ts', 'mid'] as const
/** How many wrappings are opened. */
const DEPTH = 2

/**
 * The messages inside one item of a push. How the cloud wraps them is not public (inferred): a message is what names
 * a device in `device`, `device.id`, `device_id` or, failing those anywhere, `id`.
 */
export function envelopesIn(item: unknown): Envelope[] {
  return search(item, DEPTH, {}, false)
}

function search(item: unknown, depth: number, around: Fields, surely: boolean): Envelope[] {
  const value = decoded(item)
  if (Array.isArray(value)) {
    return depth > 0 ? value.flatMap((one) => search(one, depth - 1, around, surely)) : []
  }
  if (!isFields(value)) return []
  const fields = openedFields(value)
  const all = { ...around, ...fields }
  const named = deviceNamed(fields)
  if (named) return [{ device: named, fields: all }]
  const sure = searchFields(fields, depth, all, true)
  if (sure.length > 0 || surely) return sure
  // An `id` may be anything's, so it counts only where nothing calls itself a device.
  const id = deviceIdOf(fields.id)
  return id ? [{ device: id, fields: all }] : searchFields(fields, depth, all, false)
}

function searchFields(fields: Fields, depth: number, all: Fields, surely: boolean): Envelope[] {
  if (depth === 0) return []
  const around = Object.fromEntries(
    INHERITED.filter((key) => Object.hasOwn(all, key) && isWord(all[key])).map((key) => [key, all[key]]),
  )
  return Object.values(fields).flatMap((value) => search(value, depth - 1, around, surely))
}

/** What is long is no word of a wrapping, and would be repeated for each of its messages. */
const isWord = (value: unknown): boolean =>
  typeof value === 'string' ? value.length <= 100 : typeof value !== 'object'

function deviceNamed(fields: Fields): string | undefined {
  const own = isFields(fields.device) ? fields.device.id : fields.device
  return deviceIdOf(own) ?? deviceIdOf(fields.device_id)
}

/** The fields, with JSON text in them read; also where JSON was posted as a form and so became the name of one field. */
function openedFields(fields: Fields): Fields {
  const entries = Object.entries(fields)
  const [only] = entries
  if (entries.length === 1 && only?.[1] === '') {
    const body = decoded(only[0])
    if (isFields(body)) return body
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, decoded(value)]))
}
