const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of `value / whole` of `width` cells, in eighths of a cell; anything above zero shows. */
export function bar(value: number, whole: number, width: number): string {
  if (whole <= 0 || value <= 0) return ''
  const cells = Math.max(1, Math.round((Math.min(value, whole) / whole) * width * 8))
  return '█'.repeat(Math.floor(cells / 8)) + (eighths[cells % 8] ?? '')
}

/** `−86 %`, `+3 %`; `0 %` when nothing changed. */
export function percentChange(before: number, after: number): string {
  if (before === 0) return '0 %'
  const percent = Math.round(((after - before) / before) * 100)
  return percent < 0 ? `−${-percent} %` : percent > 0 ? `+${percent} %` : '0 %'
}
