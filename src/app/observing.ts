import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../config/schema.ts'
import { createMetrics } from '../engine/metrics.ts'
import type { Logger } from '../log.ts'
import { fileOf } from '../store/place.ts'
import type { Store } from '../store/store.ts'
import type { Heard } from '../thingboot/transport.ts'
import { clock, noteSpan } from '../tracing/trace.ts'
import { createAuditWatch } from './audit-watch.ts'
import { VERSION } from './version.ts'

/** What the service is watched by: its measures, the collector of traces, the check of the audit. */
export type Observing = Awaited<ReturnType<typeof createObserving>>

/** @param instance who we are among those that share the store */
export async function createObserving(config: Config, store: Store, instance: string, log: Logger) {
  const metrics = createMetrics()
  metrics.build.set({ version: VERSION, node: process.versions.node }, 1)
  const audit = createAuditWatch({ store, metrics, log, now: Date.now })
  const { tracing } = config
  // Loaded only where it is asked for.
  const collector =
    tracing &&
    (await import('../tracing/otlp.ts')).createCollector({
      url: tracing.otlp,
      headers: tracing.headers,
      sample: tracing.sample,
      version: VERSION,
      instance,
      counted: (result, spans) => metrics.spans.inc({ result }, spans),
      changed: (failure) => {
        if (failure === undefined) log.info({}, 'the collector takes traces again')
        else log.warn({ why: failure }, 'the collector does not take traces: they are dropped')
      },
    })

  /** One call to the cloud is over. */
  const heard: Heard = (call, outcome, ms) => {
    metrics.called(call, outcome, ms / 1000)
    noteSpan(`cloud ${call}`, clock() - ms, {}, outcome.ok ? undefined : outcome.kind)
  }

  return {
    metrics,
    heard,
    ...(collector && { tracing: collector }),
    /** Looks how much room is left for what is kept in files. */
    async lookAtDisks(): Promise<void> {
      const places = { store: fileOf(config.store), spool: config.spool?.path }
      for (const [of, file] of Object.entries(places)) {
        if (file === undefined) continue
        const disk = await statfs(dirname(file)).catch(() => undefined)
        if (disk) metrics.diskFree.set({ of }, disk.bavail * disk.bsize)
      }
    },
    start: audit.start,
    async stop(): Promise<void> {
      await Promise.all([audit.stop(), collector?.stop()])
    },
  }
}
