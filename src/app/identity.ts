import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** Who this instance is towards the others. */
export interface Identity {
  id: string
  /** From now on another process may be it. */
  release(): void
}

/**
 * An instance that comes back under the name of one that died is that one: what it held need not run out first. The
 * system says that no living process has the name, for it drops the socket that stands for it with the process,
 * however that ends. Where it cannot say so, the instance is a new one.
 * @param name the same after a restart, e.g. the address that pushes come to
 */
export async function createIdentity(name: string): Promise<Identity> {
  const machine = thisMachine()
  if (machine === undefined) return nobodyElse()
  // In the abstract namespace: not a file that stays behind. Nobody talks to it.
  const socket = createServer().unref()
  try {
    socket.listen(`\0breakerbot:${name}`)
    await once(socket, 'listening')
  } catch {
    return nobodyElse()
  }
  return { id: `${machine}:${name}`, release: () => void socket.close() }
}

/** The machine's present run and network, within which a name is given once; undefined where it does not say. */
function thisMachine(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}:${readlinkSync('/proc/self/ns/net')}`
  } catch {
    return undefined
  }
}

const nobodyElse = (): Identity => ({ id: randomUUID(), release() {} })
