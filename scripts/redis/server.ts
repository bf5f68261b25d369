import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const PACKAGE = 'redis-server'
const INSTALL = `apt-get update && apt-get install -y --no-install-recommends ${PACKAGE}`

/**
 * The path of a `redis-server`, which Debian's package brings where there is none yet.
 * @throws Error with a sentence that says how to get one, where it may not be installed
 */
export function redisServer(): string {
  const found = onPath() ?? (install() ? onPath() : undefined)
  if (found !== undefined) return found
  throw new Error(`There is no redis-server on the PATH. On Debian run «sudo sh -c '${INSTALL}'».`)
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, 'redis-server')).find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Only tried where it can work: as root, with apt. The package's own service is not to take a port of this machine. */
function install(): boolean {
  if (process.getuid?.() !== 0) return false
  process.stderr.write('Installing redis-server …\n')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  return spawnSync('sh', ['-c', INSTALL], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
}
