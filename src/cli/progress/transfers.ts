import { type Event, formatSize } from '../../base/index.ts'
import { bar } from '../../report/index.ts'
import { oneLine } from './lanes.ts'
import { row, type View } from './rows.ts'

type Transfer = Extract<Event, { kind: 'transfer' }>

type Moving = { readonly event: Transfer; readonly started: number; readonly heard: number }

/** What is on its way, by the thing itself: the last word of what it is called. */
export type Transfers = {
  /** @returns how long it took, when this was its end */
  note(event: Transfer, now: number): number | undefined
  /** Rows of what is on its way, at most so many. */
  rows(view: View, most: number): readonly string[]
  clear(): void
}

/** One whose size nobody knows never says that it has arrived. */
const silence = 3000

export function transfersShown(): Transfers {
  const moving = new Map<string, Moving>()
  return {
    note: (event, now) => {
      const thing = nameOf(event)
      const started = moving.get(thing)?.started ?? now
      if (event.total === null || event.done < event.total) {
        moving.set(thing, { event, started, heard: now })
        return undefined
      }
      moving.delete(thing)
      return now - started
    },
    rows: (view, most) => {
      const heard = [...moving.values()].filter(
        ({ event, heard: at }) => event.total !== null || view.now - at < silence,
      )
      const shown = heard.slice(0, heard.length > most ? most - 1 : most)
      const rest = heard.length - shown.length
      return [
        ...shown.map((one) => transferRow(one, view)),
        ...(rest > 0 ? [`  and ${rest} more`] : []),
      ]
    },
    clear: () => moving.clear(),
  }
}

export function nameOf({ what }: Transfer): string {
  return oneLine(what).split(' ').at(-1) ?? ''
}

function transferRow({ event, started }: Moving, view: View): string {
  const { done, total } = event
  const share =
    total === null
      ? ''
      : `  ${bar(done, total, 16).padEnd(16)}  ${formatSize(done)} of ${formatSize(total)}`
  return row(view, {
    mark: view.paint('cyan', '↓'),
    title: `${oneLine(event.what)}${share}`,
    milliseconds: view.now - started,
    size: total === null ? formatSize(done) : `${Math.floor((done / total) * 100)}%`,
  })
}
