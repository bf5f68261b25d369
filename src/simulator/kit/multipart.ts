/** A file in a form. */
export interface Upload {
  name: string
  mime: string
  bytes: Buffer
}

export interface Form {
  values: Record<string, string>
  files: Map<string, Upload>
}

/** Reads `multipart/form-data`; rejects where it is none. */
export async function readForm(contentType: string, body: Buffer): Promise<Form> {
  const response = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
  const values: Record<string, string> = {}
  const files = new Map<string, Upload>()
  for (const [field, value] of await response.formData()) {
    if (typeof value === 'string') values[field] = value
    else {
      const { name, type: mime } = value
      files.set(field, { name, mime, bytes: Buffer.from(await value.arrayBuffer()) })
    }
  }
  return { values, files }
}
