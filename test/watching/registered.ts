import { createMetrics } from '../../src/engine/metrics.ts'

/** A measure as the service has it. */
export interface Registered {
  name: string
  type: string
  labels: string[]
}

/** All that the service measures. */
export function registered(): Registered[] {
  const found = createMetrics().registry.getMetricsAsArray() as unknown as (Registered & {
    labelNames: string[]
  })[]
  return found.map(({ name, type, labelNames }) => ({ name, type, labels: [...labelNames] }))
}

/** What Prometheus itself adds. */
const OF_THE_SCRAPE = ['job', 'instance', 'le']

/** What an expression asks for that there is not: measures, and labels of measures. */
export function unknownIn(expression: string, known: Registered[]): string[] {
  const labels = new Set(OF_THE_SCRAPE)
  const faults: string[] = []
  for (const [, name = '', , selector = ''] of expression.matchAll(
    /\b((?:breakerbot|nodejs|process)_\w+)(\{([^}]*)\})?/g,
  )) {
    const found = known.find((one) => namesOf(one).includes(name))
    if (!found) faults.push(name)
    for (const label of found?.labels ?? []) labels.add(label)
    for (const [, label = ''] of selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g))
      if (![...(found?.labels ?? []), ...OF_THE_SCRAPE].includes(label)) faults.push(`${name}{${label}}`)
  }
  for (const [, list = ''] of expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g))
    for (const label of list.split(',').map((one) => one.trim()))
      if (!labels.has(label)) faults.push(`by (${label})`)
  return faults
}

const namesOf = ({ name, type }: Registered): string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]
