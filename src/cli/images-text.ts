import type { ImageBytes, listImages } from '../app/index.ts'
import { formatSize } from '../base/index.ts'
import { bar } from '../report/index.ts'
import { columnTable } from './columns.ts'
import type { OutView } from './out-view.ts'
import { shortId } from './table.ts'
import { ago } from './times.ts'

type Rows = ReturnType<typeof listImages>

/** What `images --bytes` shows: what of each image others share, what a registry would hold, and what of it is ballast. */
export function imagesText(
  rows: Rows,
  bytes: ReadonlyMap<string, ImageBytes>,
  inStore: number,
  { width, paint }: OutView,
): string {
  const found = rows.flatMap(({ image, repository, tag }) => {
    const of = bytes.get(image.id)
    const named = image.tags.length > 0
    const name = named ? `${repository}:${tag}` : `<untagged> ${shortId(image.id)}`
    return of ? [{ image, of, name }] : []
  })
  const widest = Math.max(1, ...found.map(({ of }) => of.ballast))
  const columns = [
    { head: 'IMAGE', least: 20 },
    { head: '' },
    { head: 'PLATFORM', spare: true },
    { head: 'LAYERS', right: true, spare: true },
    { head: 'SIZE', right: true },
    { head: 'VISIBLE', right: true, spare: true },
    { head: 'CONTENT', right: true, spare: true },
    { head: 'SHARED', right: true },
    { head: 'BALLAST', right: true, style: (cell: string) => paint('yellow', cell) },
    { head: '', spare: true },
    { head: 'CREATED', spare: true },
  ]
  const table = columnTable(
    columns,
    found.map(({ image, of, name }) => [
      ...[name, of.used ? 'U' : '', of.platform, String(of.layers), formatSize(image.size)],
      formatSize(of.visible),
      of.content === null ? '–' : formatSize(of.content),
      ...[formatSize(of.shared), formatSize(of.ballast), bar(of.ballast, widest, 9)],
      ago(image.created, Date.now()),
    ]),
    width,
  )
  const once = new Map(found.map(({ image }) => [image.id, image.size]))
  const listed = [...once.values()].reduce((sum, size) => sum + size, 0)
  const count = `${once.size} image${once.size === 1 ? '' : 's'}`
  return `${table}${count} · ${formatSize(listed)} listed · ${formatSize(inStore)} on disk after sharing · U: a container uses it\n`
}
