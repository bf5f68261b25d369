import type { IncomingMessage } from 'node:http'
import { isObject, type JsonObject, parseJson } from '../kit/json.ts'
import { readForm, type Upload } from '../kit/multipart.ts'
import { badRequest } from './errors.ts'
import { createParams, type Params } from './params.ts'

/** The whole body. Rejects when the client goes away in the middle. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Parameters from the query and the body: urlencoded, JSON or multipart (documented). */
export async function readParams(query: URLSearchParams, contentType: string, body: Buffer): Promise<Params> {
  let files = new Map<string, Upload>()
  const values: Record<string, unknown> = Object.fromEntries(query)
  if (contentType.startsWith('application/json')) Object.assign(values, jsonFields(body))
  else if (contentType.startsWith('application/x-www-form-urlencoded')) {
    Object.assign(values, Object.fromEntries(new URLSearchParams(body.toString())))
  } else if (contentType.startsWith('multipart/form-data')) {
    const form = await readForm(contentType, body).catch(() => {
      throw badRequest("Can't parse request: wrong multipart body")
    })
    Object.assign(values, form.values)
    files = form.files
  }
  return createParams(values, files)
}

function jsonFields(body: Buffer): JsonObject {
  if (body.length === 0) return {}
  const parsed = parseJson(body.toString())
  if (!isObject(parsed)) throw badRequest("Can't parse request: expected a JSON object")
  return parsed
}
