import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { inProduction, lockedIn, nameOf } from './dependencies.ts'

/**
 * Prints what runs in production as CycloneDX. `npm sbom --omit dev` leaves out whatever a tool of development needs as
 * well (seen in npm 11), so all is asked for, and what only development needs is taken out here.
 */

interface Component {
  'bom-ref': string
}

interface Bill {
  metadata: { component: Component & { name: string } }
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

const root = join(dirname(import.meta.filename), '..')
const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx']
const text = execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
const bill = JSON.parse(text) as Bill

const wanted = new Set(
  inProduction(lockedIn(join(root, 'package-lock.json'))).map(
    ([place, one]) => `${nameOf(place)}@${one.version}`,
  ),
)
const components = bill.components.filter((one) => wanted.has(one['bom-ref']))
const refs = new Set([bill.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])])
const dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }))
// npm takes the folder's name.
const component = { ...bill.metadata.component, name: 'breakerbot' }
const kept = { ...bill, metadata: { ...bill.metadata, component }, components, dependencies }
process.stdout.write(`${JSON.stringify(kept, undefined, 2)}\n`)
