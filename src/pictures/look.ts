import type { ChartText } from '../text/chart-text.ts'

/** The shipped font is called so; it has all letters that charts need. */
export const FONT = 'Chart Sans'

/** Colours that are told apart by the colour-blind too (Okabe and Ito). */
export const COLOURS = {
  paper: '#ffffff',
  ink: '#1f2328',
  quiet: '#57606a',
  grid: '#e4e7eb',
  axis: '#8c959f',
  faint: '#c9d1d9',
  notable: '#d55e00',
  usual: 'rgba(0, 158, 115, 0.16)',
  series: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9'],
} as const

export const colourOf = (index: number): string => COLOURS.series[index % COLOURS.series.length]!

/** Measures of a picture, pixels. Large type: a phone shows it at a quarter of its size. */
export interface Look {
  width: number
  height: number
  title: number
  text: number
  line: number
  margin: number
}

const LOOKS = {
  large: { width: 1280, height: 720, title: 44, text: 30, line: 5, margin: 36 },
  small: { width: 800, height: 360, title: 30, text: 22, line: 4, margin: 20 },
} as const satisfies Record<string, Look>

export const lookOf = ({ size }: Pick<ChartText, 'size'>): Look => LOOKS[size ?? 'large']

/** @param size pixels */
export const fontOf = (size: number): string => `${size}px "${FONT}"`
