export type Body = { ok: true; value: unknown } | { ok: false; why: string }

/**
 * Reads a push's body, whatever its content type says: JSON, or a form whose fields may hold JSON. (The cloud's own
 * form is not documented; clients are known to post JSON under a form's content type.)
 */
export function readBody(raw: string): Body {
  const text = raw.trim().replace(/^\ufeff/, '')
  if (text === '') return { ok: false, why: 'the body is empty' }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    if (/^[[{"]/.test(text) || !text.includes('=')) {
      return {
        ok: false,
        why: `the body is not JSON: ${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'}`,
      }
    }
    return { ok: true, value: Object.fromEntries(new URLSearchParams(text)) }
  }
}
