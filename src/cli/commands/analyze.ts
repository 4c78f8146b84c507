import { analyze, bringImage } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import { bar } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'analyze',
    usage: '[OPTIONS] IMAGE',
    summary: 'Say what each byte of an image is and where it comes from',
    args: { min: 1, max: 1 },
    flags: [],
  },
  async run({ flags, session, out, json }) {
    const open = await session()
    const name = flags.positional[0] ?? ''
    const image = await bringImage(open, name)
    const analysis = analyze(open, image)
    if (json) {
      out(`${JSON.stringify({ reference: name, id: image.id, ...analysis }, null, 2)}\n`)
      return 0
    }
    out(
      `${name}  ${formatSize(analysis.layerBytes)} in ${analysis.layers.length} layers, ${formatSize(analysis.bytes)} visible, ${analysis.packages.length} packages\n\n`,
    )
    const categories = analysis.categories.filter((category) => category.bytes > 0)
    const widest = Math.max(1, ...categories.map((category) => category.bytes))
    out(
      table(
        ['CATEGORY', 'SIZE', 'FILES', '', 'LARGEST'],
        categories.map((category) => [
          `${category.ballast ? '▼' : ' '} ${category.title}`,
          formatSize(category.bytes),
          String(category.files),
          bar(category.bytes, widest, 20),
          category.largest
            .slice(0, 3)
            .map((item) => `${item.what} ${formatSize(item.bytes)}`)
            .join(', '),
        ]),
      ),
    )
    out(`▼ ballast: what the running app never needs\n\n`)
    out(
      table(
        ['LAYER', 'SIZE', 'FILES', 'CREATED BY'],
        analysis.layers.map((layer) => [
          String(layer.index + 1),
          formatSize(layer.bytes),
          String(layer.files),
          layer.createdBy.replace(/\s+/g, ' ').slice(0, 100),
        ]),
      ),
    )
    return 0
  },
}
