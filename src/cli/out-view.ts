import type { Settings } from '../config/index.ts'
import type { Paint } from '../report/index.ts'
import { painter } from './terminal.ts'

/** How a result is written to stdout: cells of a line, undefined where nothing is cut, and colours. */
export type OutView = { readonly width: number | undefined; readonly paint: Paint }

export function outView({ color }: Pick<Settings, 'color'>): OutView {
  const { isTTY, columns } = process.stdout
  return { width: (isTTY && columns) || undefined, paint: painter(color ?? isTTY === true) }
}
