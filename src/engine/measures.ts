import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** So many codes of one family are told apart: a label must not take whatever comes. */
const CODES = 60

/** Makes the measures of one registry; each bears the service's name. */
export function createMeasures(registry: Registry) {
  const registers = [registry]
  const named = <L extends string>(name: string, help: string, labelNames: L[]) => ({
    ...{ name: `breakerbot_${name}`, help, labelNames, registers },
  })
  return {
    counter: <L extends string = never>(name: string, help: string, labels: L[] = []) =>
      new Counter(named(name, help, labels)),
    gauge<L extends string = never>(name: string, help: string, labels: L[] = []): Gauge<L> {
      const gauge = new Gauge(named(name, help, labels))
      // What is not known is not told: a gauge without labels would begin as 0.
      if (labels.length === 0) gauge.remove()
      return gauge
    },
    /** @param buckets upper bounds, s */
    histogram: <L extends string = never>(name: string, help: string, buckets: number[], labels: L[] = []) =>
      new Histogram({ ...named(name, help, labels), buckets }),
    /** Found out each time that it is asked for. */
    standing<L extends string = never>(
      name: string,
      help: string,
      labels: L[],
      collect: (gauge: Gauge<L>) => void | Promise<void>,
    ): void {
      new Gauge({
        ...named(name, help, labels),
        collect() {
          this.reset()
          return collect(this)
        },
      })
    },
    /** The same of a number that only grows, and is counted elsewhere. */
    standingCount<L extends string>(
      name: string,
      help: string,
      labels: L[],
      collect: (counter: Counter<L>) => void,
    ): void {
      new Counter({
        ...named(name, help, labels),
        collect() {
          this.reset()
          collect(this)
        },
      })
    },
  }
}

export type Measures = ReturnType<typeof createMeasures>

/** Makes a label of a code that comes from outside: what is new after the first 60, or looks like no code, is `other`. */
export function createCodes(): (code: string) => string {
  const codes = new Set<string>()
  return (code) => {
    if (codes.size < CODES && /^[\w.-]{1,48}$/.test(code)) codes.add(code)
    return codes.has(code) ? code : 'other'
  }
}
