import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { execForm, type Stage, type Step } from './dockerfile.ts'

/** What an image says of itself, and the folder that holds its files. */
export interface Image {
  root: string
  env: Record<string, string>
  workdir: string
  user: string
  command: string[]
  health: string[]
  volumes: string[]
  stopSignal: string
}

/** Where all happens: what the caller can throw away afterwards. */
export interface Site {
  /** The folder that COPY takes from. */
  context: string
  folder: string
  /** The Node that a base image `node:…` has. */
  node: string
}

const run = (program: string, args: string[]) => execFileSync(program, args, { stdio: 'inherit' })

/**
 * Performs the steps of a Dockerfile, in place of an engine: a stage from a base image sees this machine's system and
 * a Node, and writes beside it; one from `scratch` begins with nothing. For root, within a mount namespace of its own.
 */
export function buildImage(stages: Stage[], site: Site): Image {
  const built = new Map<string, Image>()
  let last: Image | undefined
  for (const [index, stage] of stages.entries()) {
    last = buildStage(stage, built, { ...site, folder: join(site.folder, `${index}`) })
    if (stage.name) built.set(stage.name, last)
  }
  if (!last) throw new Error('there is no FROM')
  return last
}

function buildStage(stage: Stage, built: ReadonlyMap<string, Image>, site: Site): Image {
  const image: Image = {
    root: stage.from === 'scratch' ? made(join(site.folder, 'root')) : overThisMachine(site),
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
    workdir: '/',
    user: '0',
    command: [],
    health: [],
    volumes: [],
    stopSignal: 'SIGTERM',
  }
  let shell = ['/bin/sh', '-c']
  let entry: string[] = []
  for (const step of stage.steps) {
    if (step.word === 'RUN') runStep(image, [...shell, step.rest])
    else if (step.word === 'COPY') copyStep(image, step, built, site)
    else if (step.word === 'SHELL') shell = exec(step)
    else if (step.word === 'ENTRYPOINT') entry = exec(step)
    else if (step.word === 'CMD') image.command = [...entry, ...exec(step)]
    else note(image, step)
  }
  return image
}

/** The instructions that only say something of the image. */
function note(image: Image, step: Step): void {
  const { word, rest } = step
  if (word === 'ENV') Object.assign(image.env, Object.fromEntries(rest.split(' ').map(pair)))
  else if (word === 'WORKDIR') {
    image.workdir = rest
    made(join(image.root, rest))
  } else if (word === 'USER') image.user = rest
  else if (word === 'VOLUME') image.volumes = exec(step)
  else if (word === 'STOPSIGNAL') image.stopSignal = rest
  else if (word === 'HEALTHCHECK') image.health = exec({ ...step, rest: rest.replace(/^CMD /, '') })
  else if (word !== 'LABEL' && word !== 'EXPOSE')
    throw new Error(`line ${step.line}: ${word} is not known here`)
}

function exec({ rest, word, line }: Step): string[] {
  const words = execForm(rest)
  if (!words) throw new Error(`line ${line}: ${word} is not in exec form`)
  return words
}

/** At the first sign: the value may have others. */
const pair = (text: string) => text.split(/=(.*)/s, 2) as [string, string]

function made(folder: string): string {
  mkdirSync(folder, { recursive: true })
  return folder
}

/** This machine's file system with a layer above it that takes what is written, and the Node of the base image. */
function overThisMachine({ folder, node }: Site): string {
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => made(join(folder, name)))
  const options = `lowerdir=/,upperdir=${upper},workdir=${work}`
  run('mount', ['-t', 'overlay', 'overlay', '-o', options, root!])
  run('mount', ['--rbind', '/dev', join(root!, 'dev')])
  run('mount', ['-t', 'tmpfs', 'tmpfs', join(root!, 'tmp')])
  // What npm has loaded before need not be loaded again.
  const cache = join(homedir(), '.npm')
  if (existsSync(cache)) run('mount', ['--bind', cache, join(root!, cache)])
  cpSync(node, join(made(join(root!, 'usr/local/bin')), 'node'))
  return root!
}

function runStep({ root, workdir, env }: Image, command: string[]): void {
  execFileSync('/usr/bin/unshare', [`--root=${root}`, `--wd=${workdir}`, ...command], {
    env: { ...env, HOME: homedir() },
    stdio: 'inherit',
  })
}

/** As the engine copies: a folder's content, to root unless somebody else is named, modes as they are. */
function copyStep(image: Image, step: Step, built: ReadonlyMap<string, Image>, { context }: Site): void {
  const { from, chown } = step.flags
  const sources = step.rest.split(' ')
  const to = sources.pop()!
  const base = from === undefined ? context : built.get(from)?.root
  if (base === undefined) throw new Error(`line ${step.line}: there is no stage ${from}`)
  const target = join(image.root, to.startsWith('/') ? to : join(image.workdir, to))
  for (const source of sources.map((one) => join(base, one))) {
    const isFolder = statSync(source).isDirectory()
    const at = isFolder || !to.endsWith('/') ? target : join(target, basename(source))
    made(isFolder ? at : dirname(at))
    run('cp', ['-RT', '--preserve=mode,timestamps,links', source, at])
    if (isFolder) chmodSync(at, statSync(source).mode)
    if (chown !== undefined) run('chown', ['-R', chown, at])
  }
}
