import { validate } from 'dockerfile-utils'
import { execForm, parseDockerfile, type Stage, type Step } from './dockerfile.ts'

/** What is wrong with a Dockerfile, one sentence each: what a linter of the language says, and our own rules. */
export function faultsOf(text: string): string[] {
  const stages = parseDockerfile(text)
  const linted = validate(text).map(({ range, message }) => `line ${range.start.line + 1}: ${message}`)
  return [...linted, ...stages.flatMap((stage) => faultsOfBase(stage, stages)), ...faultsOfSteps(stages)]
}

function faultsOfBase({ from }: Stage, stages: Stage[]): string[] {
  const isOwn = from === 'scratch' || stages.some(({ name }) => name === from)
  return isOwn || /:\d+\.\d+\.\d+(-|$)/.test(from)
    ? []
    : [`FROM ${from}: name a version with all its numbers`]
}

const isUsed = (step: Step) => (word: string) => step.word === word

function faultsOfSteps(stages: Stage[]): string[] {
  const faults: string[] = []
  for (const step of stages.flatMap((stage) => stage.steps)) {
    const is = isUsed(step)
    const tell = (fault: string) => faults.push(`line ${step.line}: ${fault}`)
    if (is('ADD')) tell('use COPY: ADD unpacks and fetches')
    if (is('WORKDIR') && !step.rest.startsWith('/')) tell('name the folder from the root on')
    if (is('RUN') && /\b(sudo|cd) /.test(step.rest)) tell('no sudo, and WORKDIR in place of cd')
    if (is('RUN') && /apt-get install/.test(step.rest) && !/--no-install-recommends/.test(step.rest))
      tell('install without what is only recommended')
    if ((is('CMD') || is('ENTRYPOINT')) && !execForm(step.rest)) tell('a shell would keep signals from it')
    if (is('HEALTHCHECK') && !execForm(step.rest.replace(/^CMD /, ''))) tell('there is no shell to run it')
    if (is('ENV') && /secret|token|password/i.test(step.rest)) tell('no secret belongs into an image')
  }
  const last = stages.at(-1)?.steps ?? []
  const user = last.findLast(({ word }) => word === 'USER')?.rest
  if (!/^[1-9]\d*(:[1-9]\d*)?$/.test(user ?? ''))
    faults.push('the last USER must be a number and not root: an orchestrator cannot look a name up')
  for (const word of ['HEALTHCHECK', 'ENTRYPOINT', 'LABEL', 'STOPSIGNAL'])
    if (!last.some((step) => step.word === word)) faults.push(`${word} is missing`)
  return faults
}
