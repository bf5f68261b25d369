import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The path of a program, which a package of Debian's, usually of the same name, brings where there is none yet.
 * @throws Error with a sentence that says how to get it, where it may not be installed
 */
export function debianProgram(program: string, name = program): string {
  const install = `apt-get update && apt-get install -y --no-install-recommends ${name}`
  const found = onPath(program) ?? (installed(name, install) ? onPath(program) : undefined)
  if (found !== undefined) return found
  throw new Error(`There is no ${program} on the PATH. On Debian run «sudo sh -c '${install}'».`)
}

function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, program)).find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Only tried where it can work: as root, with apt. A package's own service is not to take a port of this machine. */
function installed(name: string, install: string): boolean {
  if (process.getuid?.() !== 0) return false
  process.stderr.write(`Installing ${name} …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  return spawnSync('sh', ['-c', install], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
}
