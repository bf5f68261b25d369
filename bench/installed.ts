import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const UNIT = join(import.meta.dirname, '../deploy/systemd/breakerbot.service')

/** The environment that the unit gives the service. @param cache a folder for what is compiled, in place of the unit's */
export function asInstalled(cache: string): Record<string, string> {
  const lines = readFileSync(UNIT, 'utf8').matchAll(/^Environment="?(\w+)=([^"\n]*)"?$/gm)
  return {
    ...Object.fromEntries([...lines].map(([, name, value]) => [name, value])),
    NODE_COMPILE_CACHE: cache,
  }
}
