import { randomBytes } from 'node:crypto'
import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Run, Span, Tracing } from './trace.ts'

export interface CollectorOptions {
  /** Where the collector takes traces by OTLP over HTTP. */
  url: string
  headers: Record<string, string>
  /** The share of traces that is sent, 0 to 1: the same ones at every instance. */
  sample: number
  /** Of the service, and of this instance. */
  version: string
  instance: string
  /** Hears how many spans were sent, or dropped: the collector did not take them, or there were too many. */
  counted(result: 'sent' | 'dropped', spans: number): void
  /** Hears of the first failure after a success, and of the first success after that. */
  changed(failure: string | undefined): void
}

/** Sends what was done to a collector. */
export interface Collector extends Tracing {
  /** Sends what is left, for a moment. */
  stop(): Promise<void>
}

/** So many spans wait at most: what comes then is dropped. */
const WAITING = 4096
/** So many leave together, and so often, ms. */
const AT_ONCE = 512
const EVERY = 1000
/** What the collector does not answer in time is dropped, ms. */
const TIME_OUT = 5000
/** A stop waits so long for it, ms. */
const LAST = 1000

/** Keeps spans in memory until they leave. Whatever becomes of the collector, nothing else notices. */
export function createCollector(options: CollectorOptions): Collector {
  const { url, headers, sample, version, instance, counted } = options
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: TIME_OUT, concurrencyLimit: 1 })
  const common = {
    resource: resourceFromAttributes({
      'service.name': 'breakerbot',
      'service.version': version,
      'service.instance.id': instance,
    }),
    instrumentationScope: { name: 'breakerbot', version },
  }
  let waiting: ReadableSpan[] = []
  let failing = false
  let sending: Promise<void> | undefined
  const timer = setInterval(() => void send(), EVERY).unref()

  function send(): Promise<void> {
    sending ??= exportSome().finally(() => {
      sending = undefined
    })
    return sending
  }

  /** Answers with what went wrong. */
  function exported(some: ReadableSpan[]): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    try {
      exporter.export(some, ({ code, error }) => resolve(code === 0 ? undefined : String(error ?? 'failed')))
    } catch (error) {
      // What cannot be put into words: it is not to end the service.
      resolve(String(error))
    }
    return promise
  }

  async function exportSome(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, AT_ONCE)
      waiting = waiting.slice(AT_ONCE)
      const failure = await exported(some)
      counted(failure === undefined ? 'sent' : 'dropped', some.length)
      if (failing !== (failure !== undefined)) options.changed(failure)
      failing = failure !== undefined
    }
  }

  return {
    take(trace, run) {
      if (!isSampled(trace, sample)) return
      const spans = spansOf(trace, run, common)
      const room = WAITING - waiting.length
      if (spans.length > room) counted('dropped', spans.length - Math.max(0, room))
      waiting.push(...spans.slice(0, Math.max(0, room)))
      if (waiting.length >= AT_ONCE) void send()
    },
    async stop() {
      clearInterval(timer)
      const late = AbortSignal.timeout(LAST)
      const over = new Promise<void>((resolve) =>
        late.addEventListener('abort', () => resolve(), { once: true }),
      )
      await Promise.race([send().then(() => send()), over])
      counted('dropped', waiting.length)
      waiting = []
      void exporter.shutdown().catch(() => {})
    },
  }
}

/** By the id alone, so that each instance sends its part of a trace, or none does. */
function isSampled(trace: string, share: number): boolean {
  return Number.parseInt(trace.slice(0, 8), 16) < share * 2 ** 32
}

type Common = Pick<ReadableSpan, 'resource' | 'instrumentationScope'>

/** A run and what was done meanwhile. What it follows from is its parent, or where that began otherwise, a link. */
function spansOf(trace: string, run: Run, common: Common): ReadableSpan[] {
  const { from } = run
  const before = from && contextOf(from.trace, from.run)
  const own = readable(contextOf(trace, run.id), run, SpanKind.CONSUMER, common)
  const isParent = from?.trace === trace
  const whole = {
    ...own,
    ...(before && isParent && { parentSpanContext: before }),
    ...(before && !isParent && { links: [{ context: before }] }),
  }
  const parts = run.done.map((span) => ({
    ...readable(contextOf(trace, randomBytes(8).toString('hex')), span, SpanKind.CLIENT, common),
    parentSpanContext: own.spanContext(),
  }))
  return [whole, ...parts]
}

function readable(
  context: ReturnType<typeof contextOf>,
  { name, start, end, attributes, failure }: Span,
  kind: SpanKind,
  common: Common,
): ReadableSpan {
  return {
    name,
    kind,
    spanContext: () => context,
    startTime: hrTime(start),
    endTime: hrTime(end),
    duration: hrTime(end - start),
    status:
      failure === undefined
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: failure },
    attributes,
    links: [],
    events: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...common,
  }
}

const contextOf = (traceId: string, spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED })

/** ms as seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}
