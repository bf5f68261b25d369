import type { Deeds } from './deeds.ts'
import type { Device } from './device.ts'
import { createSchedule } from './schedule.ts'
import type { World } from './world.ts'

/** Regular state reports, and the passing of simulated time that drives them. */
export interface Metering {
  watch(device: Device): void
  /** Moves clock and schedules in step, so that everything happens at its own time. */
  pass(ms: number): void
  /** Reports of all devices each so many real ms; returns the way to stop. */
  start(everyMs: number): () => void
  stop(): void
}

export function createMetering(world: World, deeds: Deeds): Metering {
  const reports = createSchedule({ realTime: false })
  const timers = new Set<NodeJS.Timeout>()

  function reportIfMetering(device: Device): void {
    if (device.metering) void deeds.report(device)
  }

  function watch(device: Device): void {
    const seconds = Number(device.config.get('metering_interval') ?? world.settings.meteringInterval)
    reports.after(Math.max(1, seconds) * 1000, () => {
      reportIfMetering(device)
      watch(device)
    })
  }

  return {
    watch,
    pass(ms) {
      let left = ms
      do {
        const step = Math.min(left, world.schedule.untilNext(), reports.untilNext())
        world.clock.advance(step)
        world.schedule.advance(step)
        reports.advance(step)
        left -= step
      } while (left > 0)
    },
    start(everyMs) {
      const timer = setInterval(() => world.devices.forEach(reportIfMetering), everyMs)
      timers.add(timer)
      return () => {
        clearInterval(timer)
        timers.delete(timer)
      }
    },
    stop() {
      for (const timer of timers) clearInterval(timer)
      reports.stop()
    },
  }
}
