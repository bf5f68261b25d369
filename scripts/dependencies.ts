import { readFileSync } from 'node:fs'

/** What runs in production, as the lock file has it: who brought it, its version and licence. */

interface Locked {
  version: string
  license?: string
  dev?: boolean
  optional?: boolean
  hasInstallScript?: boolean
  integrity?: string
  resolved?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** The packages of a lock file by their place; the project itself has the empty one. */
export function lockedIn(file: string | URL): Map<string, Locked> {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> }
  return new Map(Object.entries(packages))
}

export const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 13)

/** Those that are installed without the tools of development. */
export const inProduction = (packages: ReadonlyMap<string, Locked>): [place: string, Locked][] =>
  [...packages].filter(([place, one]) => place !== '' && !one.dev)

/** The place that a package finds another at: its own folder first, then those around it. */
function found(packages: ReadonlyMap<string, Locked>, from: string, name: string): string | undefined {
  for (let around = from; ; around = around.slice(0, Math.max(0, around.lastIndexOf('/node_modules/')))) {
    const place = `${around === '' ? '' : `${around}/`}node_modules/${name}`
    if (packages.has(place)) return place
    if (around === '') return undefined
    if (!around.includes('/node_modules/')) around = ''
  }
}

/** The tree, one line each; what was shown before is not opened again. */
export function tree(packages: ReadonlyMap<string, Locked>): string[] {
  const seen = new Set<string>()
  const lines: string[] = []
  function show(place: string, depth: number): void {
    const { version, license = 'no licence named' } = packages.get(place)!
    const isKnown = seen.has(place)
    lines.push(`${'  '.repeat(depth)}${nameOf(place)} ${version} · ${license}${isKnown ? ' · above' : ''}`)
    seen.add(place)
    if (!isKnown) below(place, depth + 1)
  }
  function below(place: string, depth: number): void {
    const { dependencies = {}, optionalDependencies = {} } = packages.get(place)!
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }).sort()) {
      const at = found(packages, place, name)
      if (at !== undefined) show(at, depth)
    }
  }
  below('', 0)
  return lines
}

if (import.meta.main) {
  const packages = lockedIn(new URL('../package-lock.json', import.meta.url))
  for (const line of tree(packages)) console.log(line)
  const licences = Map.groupBy(inProduction(packages), ([, { license }]) => license ?? 'none named')
  const counted = [...licences].sort((a, b) => b[1].length - a[1].length)
  console.log(`\n${counted.map(([licence, all]) => `${licence}: ${all.length}`).join(', ')}`)
}
