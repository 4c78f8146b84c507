import { type AnalyzedImage, analyzeNamed } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import { bar } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { sourcedNames, sourceFlag } from '../source-flag.ts'
import { table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'analyze',
    usage: '[OPTIONS] IMAGE',
    summary:
      'Say what each byte of an image is and where it comes from. IMAGE is in the store, in a Docker Engine\n(docker-daemon:NAME) or a registry (docker://NAME; streamed, and not kept), or an archive or layout on disk (a path,\ndocker-archive:FILE, oci-archive:FILE, oci:DIR)',
    args: { min: 1, max: 1 },
    flags: [sourceFlag],
  },
  async run({ flags, session, out, json, cwd }) {
    const analysis = await analyzeNamed(await session(), sourcedNames(flags)[0] ?? '', cwd)
    if (json) out(`${JSON.stringify(analysis, null, 2)}\n`)
    else
      out(
        [head, categories, largestPackages, hidden, layers]
          .map((part) => part(analysis))
          .filter((text) => text !== '')
          .join('\n'),
      )
    return 0
  },
}

function head({ reference, layerBytes, bytes, layers: all, packages }: AnalyzedImage): string {
  return `${reference}  ${formatSize(layerBytes)} in ${all.length} layers, ${formatSize(bytes)} visible, ${packages.length} packages\n`
}

function categories({ categories: all }: AnalyzedImage): string {
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
  return `${table(['CATEGORY', 'SIZE', 'FILES', 'SURE', '', 'LARGEST'], rows)}${legend}`
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

const packagesShown = 10

/** By what lies on disk of each; `--json` has all of them. */
function largestPackages({ packageWeights, categories: all }: AnalyzedImage): string {
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
  return rows.length === 0
    ? ''
    : table(['PACKAGE', 'FROM', 'SIZE', 'FILES', 'LAYERS', 'MOSTLY'], rows)
}

function hidden({ hidden: bytes }: AnalyzedImage): string {
  const parts = [
    [bytes.overwritten, 'overwritten'],
    [bytes.metadataOnly, 'stored again for owner, mode or time'],
    [bytes.deleted, 'deleted'],
  ] as const
  const text = parts
    .filter(([size]) => size > 0)
    .map(([size, what]) => `${formatSize(size)} ${what}`)
  return `hidden by later layers: ${text.join(', ') || 'nothing'}\n`
}

function layers({ layers: all }: AnalyzedImage): string {
  const rows = all.map((layer) => [
    String(layer.index + 1),
    formatSize(layer.bytes),
    formatSize(layer.overwritten + layer.metadataOnly + layer.deleted),
    String(layer.files),
    layer.createdBy.replace(/\s+/g, ' ').slice(0, 100),
  ])
  return table(['LAYER', 'SIZE', 'HIDDEN', 'FILES', 'CREATED BY'], rows)
}
