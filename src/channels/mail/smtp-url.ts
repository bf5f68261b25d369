/** An SMTP server's address, taken apart. What stands after a `?` is not read: no option comes in by the back door. */
export function readSmtp(smtp: string) {
  const { protocol, hostname, port, username, password } = new URL(smtp)
  const secure = protocol === 'smtps:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const user = decoded(username)
  const pass = decoded(password)
  const isHere = ['127.0.0.1', 'localhost', '::1'].includes(host)
  return {
    server: {
      host,
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      // A password goes over no open line but this machine's own.
      requireTLS: !secure && user !== '' && !isHere,
      ...(user !== '' && { auth: { user, pass } }),
    },
    /** As it stands in the address, and in each form that it is sent in. */
    secrets: pass === '' ? [] : [password, pass, base64(pass), base64(`\0${user}\0${pass}`)],
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
