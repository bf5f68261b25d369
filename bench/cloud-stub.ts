import { sendJson, startStub } from './stub.ts'

/** The least of the cloud that lets commands leave: every breaker is online and stands open, every command is taken. */
export interface CloudStub {
  url: string
  /** Called with the breaker of each command, at the moment that its signed call has arrived. */
  onControl(listener: (breaker: string) => void): void
  stop(): Promise<void>
}

export async function startCloudStub(): Promise<CloudStub> {
  let heard: (breaker: string) => void = () => {}
  const { url, stop } = await startStub((request, body, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://stub')
    if (pathname.startsWith('/ntp')) return response.end(`${Date.now()}`)
    const { device } = JSON.parse(body || '{}') as { device?: number }
    const state = { power: '0', voltage: '228.4' }
    const isControl = pathname.includes('/device/control')
    if (isControl && searchParams.has('sign')) heard(`${device}`)
    const data = isControl ? {} : pathname.includes('/device/info') ? { id: device, online: true, state } : []
    sendJson(response, { code: 200, msg: 'ok', data })
  })
  return {
    url,
    onControl(listener) {
      heard = listener
    },
    stop,
  }
}
