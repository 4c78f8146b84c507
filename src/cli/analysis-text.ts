import type { AnalyzedImage } from '../app/index.ts'
import { formatSize } from '../base/index.ts'
import { bar, type Paint } from '../report/index.ts'
import { columnTable } from './columns.ts'
import { hiddenText } from './hidden-text.ts'
import type { OutView } from './out-view.ts'
import { fitWidth } from './table.ts'
import { placeOf } from './why-text.ts'

/** What `analyze` says: sums, categories, packages, what later layers hide, layers. */
export function analysisText(analysis: AnalyzedImage, view: OutView): string {
  const parts = [head, categories, unproven, largestPackages, hidden, layers]
    .map((part) => part(analysis, view))
    .filter((text) => text !== '')
  return fitWidth(parts.join('\n'), view.width)
}

function head(analysis: AnalyzedImage): string {
  const { reference, layerBytes, bytes, layers: all, packages, unreadablePackages } = analysis
  const unknown =
    unreadablePackages === undefined
      ? ''
      : `packages unknown: ${unreadablePackages} cannot be read, so what they own counts as unowned\n`
  return `${reference}  ${formatSize(layerBytes)} in ${all.length} layers, ${formatSize(bytes)} visible, ${packages.length} packages\n${unknown}`
}

function categories({ categories: all }: AnalyzedImage, { width, paint }: OutView): string {
  const shown = all.filter((category) => category.bytes > 0)
  const widest = Math.max(1, ...shown.map((category) => category.bytes))
  const rows = shown.map((category) => [
    `${category.ballast ? '▼' : ' '} ${category.title}`,
    formatSize(category.bytes),
    String(category.files),
    sureness(category),
    bar(category.bytes, widest, 20),
    category.largest
      .slice(0, 3)
      .map((item) => `${item.what} ${formatSize(item.bytes)}`)
      .join(', '),
  ])
  const columns = [
    { head: 'CATEGORY', least: 24, style: ballastIn(paint) },
    { head: 'SIZE', right: true },
    { head: 'FILES', right: true },
    { head: 'SURE' },
    { head: '', spare: true },
    { head: 'LARGEST', least: 12 },
  ]
  return `${columnTable(columns, rows, width)}${legend}`
}

/** What the running app never needs stands out, by its sign first. */
function ballastIn(paint: Paint): (cell: string) => string {
  return (cell) => (cell.startsWith('▼') ? paint('yellow', cell) : cell)
}

const legend = `▼ ballast: what the running app never needs
SURE  A a package's record says so, B its path or content, C its name or place alone
`

/** `A`, or the shares of what is not all alike: `A 71% B 29%`. */
function sureness({ confidence, bytes }: AnalyzedImage['categories'][number]): string {
  const letters = ['A', 'B', 'C'] as const
  const shares = letters
    .map((letter) => [letter, Math.round((confidence[letter] / bytes) * 100)] as const)
    .filter(([, share]) => share > 0)
  return shares.length === 1
    ? (shares[0]?.[0] ?? '')
    : shares.map(([letter, share]) => `${letter} ${share}%`).join(' ')
}

/** Worth a look, and nothing to throw away unseen: no way that was traced leads to them. */
function unproven({ packageWeights }: AnalyzedImage): string {
  const found = packageWeights.filter(
    ({ category, confidence, bytes }) => category === 'runtime' && confidence === 'C' && bytes > 0,
  )
  if (found.length === 0) return ''
  const bytes = found.reduce((sum, one) => sum + one.bytes, 0)
  const largest = found.slice(0, 3).map((one) => `${one.name} ${formatSize(one.bytes)}`)
  return `unproven: ${formatSize(bytes)} in ${found.length} packages that nothing is known to load: ${largest.join(', ')}\n`
}

const packagesShown = 10

/** By what lies on disk of each; `--json` has all of them. */
function largestPackages(
  { packageWeights, categories: all }: AnalyzedImage,
  { width }: OutView,
): string {
  const titles = new Map(all.map(({ id, title }) => [id, title]))
  const rows = packageWeights
    .filter(({ bytes }) => bytes > 0)
    .slice(0, packagesShown)
    .map((one) => [
      `${one.name} ${one.version}`,
      one.manager,
      formatSize(one.bytes),
      String(one.files),
      one.layers.map(({ layer }) => layer + 1).join(','),
      titles.get(one.category) ?? one.category,
    ])
  const columns = [
    { head: 'PACKAGE', least: 16 },
    { head: 'FROM' },
    { head: 'SIZE', right: true },
    { head: 'FILES', right: true },
    { head: 'LAYERS' },
    { head: 'MOSTLY', least: 12 },
  ]
  return rows.length === 0 ? '' : columnTable(columns, rows, width)
}

function hidden({ hidden: bytes }: AnalyzedImage): string {
  return hiddenText(bytes)
}

function layers({ layers: all }: AnalyzedImage, { width }: OutView): string {
  const rows = all.map((layer) => [
    String(layer.index + 1),
    formatSize(layer.bytes),
    formatSize(layer.overwritten + layer.metadataOnly + layer.deleted),
    String(layer.files),
    `${placeOf(layer.instruction)}${layer.createdBy.replace(/\s+/g, ' ')}`,
  ])
  const columns = [
    { head: 'LAYER', right: true },
    { head: 'SIZE', right: true },
    { head: 'HIDDEN', right: true },
    { head: 'FILES', right: true },
    { head: 'CREATED BY', least: 20 },
  ]
  return columnTable(columns, rows, width)
}
