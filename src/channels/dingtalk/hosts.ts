/**
 * Whether an address that came from outside may be spoken to: of DingTalk itself over TLS, on its usual port; or where the
 * configured base lies. All others could be anywhere, the machine's own network included.
 * @param configured the base that such an address belongs to
 * @param port whether it has to be the configured base's, too: a private gateway may have its sockets at another
 */
export function isTrusted(address: string, configured: string, { port }: { port: 'same' | 'any' }): boolean {
  const url = URL.parse(address)
  const base = URL.parse(configured)
  if (url === null || `${url.username}${url.password}` !== '') return false
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:'
  if (isSecure && url.port === '' && /^[a-z0-9.-]+\.dingtalk\.(?:com|io)$/.test(url.hostname)) return true
  if (!base || !['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol)) return false
  // What was configured with TLS is not spoken to without.
  const isAsSecure = isSecure || base.protocol === 'http:'
  return isAsSecure && (port === 'same' ? url.host === base.host : url.hostname === base.hostname)
}
