import { existsSync, globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix, resolve, sep } from 'node:path'
import { cyclesIn } from './arrows/cycles.ts'
import { type Import, importsOf } from './arrows/imports.ts'
import { forbidden, ruleFor } from './arrows/rules.ts'

/** Something that is wrong with the way the project's files import one another. */
export interface Finding {
  /** Path from the root, with `/`. */
  file: string
  line: number
  problem: string
  /** A warning does not fail the check. */
  isWarning?: boolean
}

interface SourceFile {
  path: string
  lines: number
  imports: Import[]
}

/** The longest file of `src`, lines: more is a fault, and a warning comes before. */
const MAX_LINES = 220
const LONG = 200

/** Checks all sources under a root: arrows, circles, file endings, packages and lengths. */
export function checkArrows(root: string): Finding[] {
  const files = sourcesIn(root)
  const packages = packagesOf(root)
  return [
    ...files.flatMap((file) => file.imports.flatMap((one) => checkImport(file.path, one, packages))),
    ...files.filter(isProduct).flatMap((file) => [...checkPlace(file), ...checkLength(file)]),
    ...checkCycles(files.filter(isProduct)),
  ]
}

function sourcesIn(root: string): SourceFile[] {
  return globSync(['{src,test,scripts,bench}/**/*.{ts,js,mjs}', '*.ts'], { cwd: root })
    .sort()
    .map((found) => {
      const text = readFileSync(join(root, found), 'utf8')
      return {
        path: found.split(sep).join('/'),
        lines: text.trimEnd().split('\n').length,
        imports: importsOf(text),
      }
    })
}

const isProduct = ({ path }: SourceFile) => path.startsWith('src/')

interface Packages {
  /** What is installed with the service. */
  service: Set<string>
  all: Set<string>
}

function packagesOf(root: string): Packages {
  const file = join(root, 'package.json')
  const parsed: { dependencies?: object; devDependencies?: object } = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : {}
  const service = new Set(Object.keys(parsed.dependencies ?? {}))
  return { service, all: new Set([...service, ...Object.keys(parsed.devDependencies ?? {})]) }
}

function checkImport(
  file: string,
  { specifier, line, typeOnly, isLazy }: Import,
  packages: Packages,
): Finding[] {
  const found = (problem: string): Finding[] => [{ file, line, problem }]
  if (specifier === undefined)
    return found('imports what is only known at run time; write the path as a plain text')
  if (!specifier.startsWith('.')) {
    // What only tests need of a simulator may be loaded when it is reached, for the image comes without it.
    const isService = file.startsWith('src/') && !(isLazy && file.startsWith('src/simulator/'))
    return checkPackage(specifier, packages, isService).flatMap(found)
  }
  const target = targetOf(file, specifier)
  if (target.startsWith('../')) return found(`imports «${specifier}», which lies outside the project`)
  if (!/\.(ts|json)$/.test(target) && !file.startsWith('src/pages/')) {
    return found(`imports «${specifier}» without its ending; write .ts or .json`)
  }
  const rule = file.startsWith('src/') ? ruleFor(file) : undefined
  const why = rule && forbidden(rule, file, target, typeOnly)
  return why ? found(why) : []
}

function checkPackage(specifier: string, packages: Packages, isService: boolean): string[] {
  if (specifier.startsWith('node:')) return []
  if (isBuiltin(specifier)) return [`imports «${specifier}»; write «node:${specifier}»`]
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  if ((isService ? packages.service : packages.all).has(name)) return []
  if (packages.all.has(name))
    return [`imports «${name}», which is not installed with the service; move it to dependencies`]
  return [`imports «${name}», which is not in package.json; run npm install ${name}`]
}

function targetOf(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier)
}

function checkPlace({ path }: SourceFile): Finding[] {
  if (ruleFor(path)) return []
  return [
    {
      file: path,
      line: 1,
      problem: 'stands in no folder that has a rule; move it, or add one to scripts/arrows/rules.ts',
    },
  ]
}

function checkLength({ path, lines }: SourceFile): Finding[] {
  if (lines <= LONG) return []
  const isWarning = lines <= MAX_LINES
  return [
    {
      file: path,
      line: lines,
      problem: `has ${lines} lines, more than ${isWarning ? LONG : MAX_LINES}; split it by what it does`,
      isWarning,
    },
  ]
}

function checkCycles(files: SourceFile[]): Finding[] {
  const known = new Map(files.map((file) => [file.path, file]))
  const graph = new Map(
    files.map((file) => [file.path, targetsOf(file).filter((target) => known.has(target))]),
  )
  return cyclesIn(graph).map((cycle) => {
    const [file, next] = [cycle[0]!, cycle[1] ?? cycle[0]!]
    const line =
      known.get(file)!.imports.find(({ specifier }) => specifier && targetOf(file, specifier) === next)
        ?.line ?? 1
    return {
      file,
      line,
      problem: `stands in a circle of imports: ${[...cycle, file].join(' → ')}; move what two of them share to a third`,
    }
  })
}

function targetsOf({ path, imports }: SourceFile): string[] {
  return imports.flatMap(({ specifier }) => (specifier?.startsWith('.') ? [targetOf(path, specifier)] : []))
}

function main(root = resolve(import.meta.dirname, '..')): number {
  const findings = checkArrows(root)
  for (const { file, line, problem, isWarning } of findings) {
    console.error(`${isWarning ? 'warning: ' : ''}${file}:${line} ${problem}`)
  }
  const faults = findings.filter((one) => !one.isWarning).length
  if (faults === 0) console.log('the import arrows hold')
  else console.error(`\n${faults} faults; the arrows are drawn in docs/architecture.md`)
  return faults === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = main(process.argv[2])
