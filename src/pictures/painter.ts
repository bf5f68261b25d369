import type { ChartText } from '../text/chart-text.ts'

export interface Painted {
  png: Uint8Array
  /** Pixels. */
  width: number
  height: number
}

/** Paints charts. */
export interface Painter {
  /** One at a time; undefined, with the reason in the log, where it cannot be had within a deadline. Never rejects. */
  paint(chart: ChartText): Promise<Painted | undefined>
  /** Gives up what is being painted; resolves when nothing is left running. */
  stop(): Promise<void>
}
