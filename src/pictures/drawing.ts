import type { ChartConfiguration } from 'chart.js'

export type Point = { x: number; y: number }

export type Configuration = ChartConfiguration<'bar' | 'line', (number | null)[] | Point[]>

/** What a colour, or a hatching, stands for. */
export interface LegendItem {
  text: string
  fillStyle: string | CanvasPattern
}

/** What one kind of chart adds to what all have in common. */
export interface Drawing {
  configuration: Configuration
  legend: LegendItem[]
  /** Stands above the axis of values, where there is one. */
  unit?: string
  /** There is nothing to draw. */
  isEmpty: boolean
}

/** How broad a text is in letters of a size, all in pixels. */
export type WidthOf = (text: string, size: number) => number
