import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a process under measurement: tells over IPC, since it was asked last, how long its event
 * loop was held up and how long it had a processor, all its threads together, ms.
 */
if (isMainThread) {
  // What is measured is how late a timer of 1 ms rings.
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  let before = process.cpuUsage()
  process.on('message', () => {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    process.send?.({
      p99: histogram.percentile(99) / 1e6,
      max: histogram.max / 1e6,
      processor: (user + system) / 1000,
    })
    histogram.reset()
  })
  // The channel alone must not keep the process from ending.
  process.channel?.unref()
}
