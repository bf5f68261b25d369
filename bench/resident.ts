import { readFileSync } from 'node:fs'

/** The memory of a process, MiB. Linux. */
export const residentOf = (pid: number | string): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
