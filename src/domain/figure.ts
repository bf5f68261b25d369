const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const SHORT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const HUGE = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** A number as it stands in a chart, the same in all languages: «0.352», «12.3», «1,235», «12.3M». */
export function figure(value: number): string {
  const size = Math.abs(value)
  if (size < 0.0005) return '0'
  if (size < 1) return String(Number(value.toFixed(3)))
  if (size < 999.5) return SHORT.format(value)
  return (size < 1e7 ? WHOLE : HUGE).format(value)
}
