import { posix } from 'node:path'
import type { PolicyKind } from '../define.ts'
import { sortIgnored } from '../ignore.ts'
import { many } from '../many.ts'
import type { GateImage, Item } from '../types.ts'

/**
 * Criterion 4: no layer above the runtime base names or contains one of these packages. What the base itself ships is
 * not counted, because nobody can remove it from there.
 */
export const forbiddenPackages: PolicyKind<{ readonly packages: 'texts'; readonly in: 'text?' }> = {
  options: { packages: 'texts', in: 'text?' },
  why: 'compilers enlarge every pull and hand an intruder a workshop',
  fix: 'install them in a builder stage and copy only what they made',
  slimFixes: true,
  needsBase: true,
  refuse: (options) =>
    options.in === null || options.in === 'final-layers'
      ? null
      : ['in', 'in can only be final-layers'],
  judge: ({ packages }, input) => {
    const { image } = input
    const common = {
      title: `no ${packages.join(', ')} in the final layers`,
      allowed: 'none above the runtime base',
    }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const found = packages.flatMap((name) => [
      ...inHistory(image, name),
      ...installed(image, name),
      ...asFile(image, name),
    ])
    // One line that names two of them is one finding.
    const distinct = [...new Map(found.map((item) => [item.what, item])).values()]
    const { counted: items, notCounted } = sortIgnored('forbidden-packages', distinct, input)
    return {
      ...common,
      status: items.length === 0 ? 'pass' : 'fail',
      found: items.length === 0 ? 'none' : many(items.length, 'finding'),
      items,
      notCounted: [...inBase(image, packages), ...notCounted],
    }
  },
}

function inHistory(image: GateImage, name: string): Item[] {
  const word = new RegExp(
    `(^|[\\s"'=/])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=$|[\\s"'=:;&|])`,
  )
  let layer = 0
  return image.config.history.flatMap((entry) => {
    const at = entry.empty_layer ? layer - 1 : layer++
    const own = at >= image.baseLayers
    return own && word.test(entry.created_by ?? '')
      ? [{ what: `layer ${at + 1}: ${entry.created_by}`, layer: at, package: name }]
      : []
  })
}

function installed(image: GateImage, name: string): Item[] {
  const found = image.packages?.packages.get(name)
  if (!found || image.basePackages?.packages.has(name)) return []
  return [
    { what: `${name} ${found.version} is installed (${found.files.length} files)`, package: name },
  ]
}

function asFile(image: GateImage, name: string): Item[] {
  return image.tools
    .filter(
      (tool) =>
        tool.layer >= image.baseLayers &&
        (tool.package === name || sameProgram(posix.basename(tool.path), name)),
    )
    .slice(0, 5)
    .map((tool) => ({
      what: `layer ${tool.layer + 1}: ${tool.path}`,
      bytes: tool.bytes,
      path: tool.path,
      package: tool.package ?? name,
      layer: tool.layer,
    }))
}

function inBase(image: GateImage, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const found = image.basePackages?.packages.get(name)
    return found ? [`${name} ${found.version}: the runtime base ships it`] : []
  })
}

/** `gcc`, `gcc-12` and `x86_64-linux-gnu-gcc-12` are all gcc. */
function sameProgram(file: string, name: string): boolean {
  return file.replace(/^[\w]+-linux-(?:gnu|musl)-/, '').replace(/-\d+(?:\.\d+)*$/, '') === name
}
