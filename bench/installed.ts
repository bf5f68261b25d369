import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const UNIT = join(import.meta.dirname, '../deploy/systemd/breakerbot.service')

/** What a service is started with. */
export interface Settings {
  /** More of its environment. */
  env?: Record<string, string>
  /** What Node is told. */
  flags?: string[]
}

/** What the unit gives the service. @param cache a folder for what is compiled, in place of the unit's */
export function asInstalled(cache: string): Settings {
  const unit = readFileSync(UNIT, 'utf8')
  const lines = unit.matchAll(/^Environment="?(\w+)=([^"\n]*)"?$/gm)
  const [, flags = ''] = /^ExecStart=\S+((?: --\S+)*) /m.exec(unit) ?? []
  return {
    env: {
      ...Object.fromEntries([...lines].map(([, name, value]) => [name, value])),
      NODE_COMPILE_CACHE: cache,
    },
    flags: flags.split(' ').filter(Boolean),
  }
}
