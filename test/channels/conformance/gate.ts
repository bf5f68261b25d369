import { connect, createServer, type Socket } from 'node:net'

/**
 * A wire between an adapter and its simulator that can be cut in every way in which wires are cut, the same for
 * all platforms.
 */
export interface Gate {
  /** `127.0.0.1:PORT`, to be used in place of the simulator's. */
  readonly host: string
  /** How many connections came in so far. */
  opened(): number
  /** How many of them are open. */
  open(): number
  /** Nobody listens, and what was connected is reset. */
  refuse(): Promise<void>
  /** What is connected is reset; who comes next gets through. */
  reset(): void
  /** What is connected stays so and hears nothing any more (half-open); who comes next gets through. */
  silence(): void
  /** What is connected, and who comes next, hears nothing. */
  hang(): void
  /** All is well again for who comes next. */
  mend(): Promise<void>
  close(): Promise<void>
}

interface Wire {
  near: Socket
  far?: Socket
}

/** @param target `http://127.0.0.1:PORT` of the simulator */
export async function createGate(target: string): Promise<Gate> {
  const { port } = new URL(target)
  const wires = new Set<Wire>()
  let opened = 0
  let hanging = false

  const server = createServer((near) => {
    opened++
    const wire: Wire = { near }
    wires.add(wire)
    near.on('error', () => near.destroy())
    near.on('close', () => {
      wires.delete(wire)
      wire.far?.destroy()
    })
    if (hanging) return void near.resume()
    const far = connect(Number(port), '127.0.0.1')
    wire.far = far
    far.on('error', () => near.resetAndDestroy())
    far.on('close', () => near.destroy())
    far.pipe(near)
    near.pipe(far)
  })
  const listen = (on: number) =>
    new Promise<void>((resolve) => server.listen(on, '127.0.0.1', () => resolve()))

  function silence() {
    for (const { near, far } of wires) {
      far?.unpipe(near).removeAllListeners('close').destroy()
      near.unpipe().resume()
    }
  }
  function reset() {
    for (const { near } of wires) near.resetAndDestroy()
  }
  async function refuse() {
    const closed = new Promise((resolve) => server.close(resolve))
    reset()
    await closed
  }

  await listen(0)
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('a server without a port')
  return {
    host: `127.0.0.1:${address.port}`,
    opened: () => opened,
    open: () => wires.size,
    refuse,
    reset,
    silence,
    hang() {
      hanging = true
      silence()
    },
    async mend() {
      hanging = false
      if (!server.listening) await listen(address.port)
    },
    close: refuse,
  }
}
