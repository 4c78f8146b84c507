/** Decimal units, three significant digits, as Docker prints sizes, with a space for reading. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = Math.abs(bytes)
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${bytes < 0 ? '−' : ''}${Number(value.toPrecision(3))} ${units[unit]}`
}

/** A change with its sign in front; nothing when there is none. */
export function change(bytes: number): string {
  return bytes === 0 ? '0 B' : bytes > 0 ? `+${size(bytes)}` : size(bytes)
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Math.round((100 * part) / whole)} %`
}

/** `0.4 s`, `41 s`, `3 min 12 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  return `${minutes} min ${Math.round(seconds - minutes * 60)} s`
}

/** `RUN /bin/sh -c pip install …# buildkit` as a person wrote it. */
export function command(createdBy: string): string {
  const text = createdBy
    .replace(/^\|\d+ (?:[A-Za-z_]\w*=\S* )*/, '')
    .replace(/^\/bin\/sh -c #\(nop\)\s*/, '')
    .replace(/^(?:RUN )?\/bin\/sh -c /, 'RUN ')
    .replace(/\s*# buildkit$/, '')
    .replace(/\s+/g, ' ')
  return text === '' ? 'base layer' : text
}
