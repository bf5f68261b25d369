/** Which ways imports may go inside `src`. */
export interface Rule {
  /** The folder or file that the rule is for; the first rule that fits a file counts. */
  of: string
  /** Folders (ending in `/`) and files that it may import, besides its own folder. */
  may: readonly string[]
  /** The same, but types only. */
  types?: readonly string[]
  /** What to do instead. */
  mend: string
}

const PURE = 'keep the domain pure: hand the value in, or let the engine do it'
const PORT = 'take what is needed as an option or a port, and let src/app.ts put the parts together'
const APART = 'the simulators must be able to prove the product wrong: write it again here, from the protocol'
/** The id under which all that belongs together is done: the log and the store bear it too. */
const TRACE = 'src/tracing/trace.ts'
const PARTS = [
  'src/domain/',
  'src/text/',
  'src/store/',
  'src/channels/',
  'src/pictures/',
  'src/thingboot/',
  'src/config/',
  'src/engine/',
  'src/http/',
  'src/tracing/',
  'src/log.ts',
]
const SERVICE = 'the service knows neither its command line nor the simulators'
const DEMO = [...PARTS, 'src/app.ts', 'src/demo/', 'src/simulator/', 'src/pages/']

export const RULES: readonly Rule[] = [
  { of: 'src/domain/', may: [], types: ['locales/'], mend: PURE },
  { of: 'src/text/', may: ['src/domain/', 'locales/'], mend: PORT },
  { of: 'src/pictures/', may: ['src/domain/'], types: ['src/text/'], mend: PORT },
  { of: 'src/store/', may: ['src/domain/', TRACE], mend: PORT },
  { of: 'src/thingboot/', may: ['src/domain/'], mend: PORT },
  { of: 'src/channels/channel.ts', may: ['src/domain/'], mend: PORT },
  { of: 'src/channels/way.ts', may: ['src/domain/'], mend: PORT },
  {
    of: 'src/channels/kit/',
    may: ['src/domain/', 'src/text/', 'src/channels/channel.ts', 'src/channels/way.ts'],
    mend: PORT,
  },
  {
    of: 'src/channels/*/',
    may: ['src/domain/', 'src/channels/channel.ts', 'src/channels/way.ts', 'src/channels/kit/'],
    mend: `what two adapters need belongs into src/channels/kit: ${PORT}`,
  },
  { of: 'src/config/', may: ['src/domain/', 'src/thingboot/'], mend: PORT },
  {
    of: 'src/engine/',
    may: [
      'src/domain/',
      'src/text/',
      'src/store/store.ts',
      'src/channels/channel.ts',
      'src/channels/way.ts',
      'src/pictures/painter.ts',
      'src/thingboot/',
      TRACE,
    ],
    mend: `the engine knows ports, not drivers: ${PORT}`,
  },
  { of: 'src/http/', may: ['src/engine/', 'src/log.ts'], types: ['src/channels/channel.ts'], mend: PORT },
  { of: 'src/simulator/kit/', may: [], mend: APART },
  { of: 'src/simulator/*/', may: ['src/simulator/kit/'], mend: APART },
  { of: 'src/pages/', may: [], mend: 'pages run in the browser: let them ask the server' },
  { of: TRACE, may: [], mend: PORT },
  { of: 'src/tracing/', may: [TRACE], types: ['src/log.ts', 'src/engine/metrics.ts'], mend: PORT },
  { of: 'src/log.ts', may: [TRACE], mend: PORT },
  {
    of: 'src/cli/demo.ts',
    may: [...PARTS, 'src/app.ts', 'src/cli/', 'src/demo.ts'],
    mend: 'the work belongs to src/demo.ts',
  },
  {
    of: 'src/cli/',
    may: [...PARTS, 'src/app.ts'],
    mend: 'only the demo runs simulators, and only src/main.ts the commands',
  },
  { of: 'src/app.ts', may: [...PARTS, 'src/app/'], mend: SERVICE },
  { of: 'src/app/', may: PARTS, mend: SERVICE },
  { of: 'src/demo.ts', may: DEMO, mend: 'the demo is started by src/cli/demo.ts' },
  { of: 'src/demo/', may: DEMO, mend: 'the demo is started by src/cli/demo.ts' },
  { of: 'src/main.ts', may: ['src/cli/'], mend: 'the work belongs to a command in src/cli' },
]

/** The rule for a file (path from the root, with `/`). */
export function ruleFor(file: string): Rule | undefined {
  return RULES.find((rule) => ownPlace(rule, file) !== undefined)
}

/** Says why a file may not import another; undefined when it may. */
export function forbidden(rule: Rule, file: string, target: string, typeOnly: boolean): string | undefined {
  const own = ownPlace(rule, file)
  if (own?.endsWith('/') && target.startsWith(own)) return undefined
  if (rule.may.some((place) => isIn(place, target))) return undefined
  const asTypes = rule.types?.some((place) => isIn(place, target)) ?? false
  if (asTypes && typeOnly) return undefined
  if (asTypes) return `may import only types of ${target}: write «import type»`
  return `may not import ${target}; ${rule.mend}`
}

/** The folder or file of the rule that the file lies in; where the rule has a star, the folder that it stands for. */
function ownPlace(rule: Rule, file: string): string | undefined {
  const pattern = rule.of.replaceAll('.', '\\.').replace('*', '[^/]+')
  return new RegExp(rule.of.endsWith('/') ? `^${pattern}` : `^${pattern}$`).exec(file)?.[0]
}

function isIn(place: string, target: string): boolean {
  return place.endsWith('/') ? target.startsWith(place) : target === place
}
