import { readFileSync } from 'node:fs'

const fromStatus = (name: string) => (pid: number | string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** The memory of a process, now and at most, MiB. Linux. */
export const residentOf = fromStatus('VmRSS')
export const peakOf = fromStatus('VmHWM')
