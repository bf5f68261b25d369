/** One instruction of a Dockerfile, its lines joined. */
export interface Step {
  /** In capitals. */
  word: string
  /** `--from=parts` and the like, by name. */
  flags: Record<string, string>
  rest: string
  /** Where it begins, from 1. */
  line: number
}

/** What lies between one FROM and the next. */
export interface Stage {
  from: string
  name: string | undefined
  steps: Step[]
}

/** Reads as much of the language as our Dockerfile uses: no ARG, no heredocs, no escape other than the backslash. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  for (const step of stepsOf(text)) {
    const [, from = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(step.rest) ?? []
    if (step.word === 'FROM') stages.push({ from, name, steps: [] })
    else stages.at(-1)!.steps.push(step)
  }
  return stages
}

function stepsOf(text: string): Step[] {
  const steps: Step[] = []
  let begun: { text: string; line: number } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const { text: before = '', line: first = index + 1 } = begun ?? {}
    const joined = before + line.replace(/\\\s*$/, '').trim()
    begun = /\\\s*$/.test(line) ? { text: `${joined} `, line: first } : undefined
    if (!begun) steps.push(toStep(joined, first))
  }
  return steps
}

function toStep(text: string, line: number): Step {
  const [, word = '', flagged = '', rest = ''] = /^(\S+)\s+((?:--\S+\s+)*)(.*)$/.exec(text) ?? []
  const flags = Object.fromEntries(
    [...flagged.matchAll(/--([^=\s]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
  )
  return { word: word.toUpperCase(), flags, rest, line }
}

/** The words of an exec form (`["a", "b"]`); undefined for any other. */
export function execForm(text: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(text)
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined
  } catch {
    return undefined
  }
}
