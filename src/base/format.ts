/** Size as Docker prints it: decimal units, three significant digits (`941MB`, `1.02GB`, `12.3kB`), or as many as asked for. */
export function formatSize(bytes: number, digits = 3): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${Number(value.toPrecision(digits))}${units[unit]}`
}
