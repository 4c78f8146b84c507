import { posix } from 'node:path'
import type { GateImage, GateInput, PolicyResult } from '../types.ts'

/**
 * Criterion 4: no layer above the runtime base names or contains one of these packages. What the base itself ships is
 * not counted, because nobody can remove it from there.
 */
export function forbiddenPackages(
  { packages }: { readonly packages: readonly string[] },
  { image }: GateInput,
): PolicyResult {
  const common = {
    id: 'forbidden-packages',
    title: `no ${packages.join(', ')} in the final layers`,
    allowed: 'none above the runtime base',
    why: 'compilers enlarge every pull and hand an intruder a workshop',
    fix: 'install them in a builder stage and copy only what they made',
  } as const
  if (!image) return { ...common, status: 'skip', found: 'no image', evidence: [] }
  const found = packages.flatMap((name) => [
    ...inHistory(image, name),
    ...installed(image, name),
    ...asFile(image, name),
  ])
  // One line that names two of them is one finding.
  const evidence = [...new Set(found)]
  return {
    ...common,
    status: evidence.length === 0 ? 'pass' : 'fail',
    found:
      evidence.length === 0
        ? 'none'
        : `${evidence.length} finding${evidence.length === 1 ? '' : 's'}`,
    evidence,
  }
}

function inHistory(image: GateImage, name: string): string[] {
  const word = new RegExp(
    `(^|[\\s"'=/])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=$|[\\s"'=:;&|])`,
  )
  let layer = 0
  return image.config.history.flatMap((entry) => {
    const at = entry.empty_layer ? layer - 1 : layer++
    const own = at >= image.baseLayers
    return own && word.test(entry.created_by ?? '') ? [`layer ${at + 1}: ${entry.created_by}`] : []
  })
}

function installed(image: GateImage, name: string): string[] {
  const found = image.packages?.packages.get(name)
  if (!found || image.basePackages?.packages.has(name)) return []
  return [`${name} ${found.version} is installed (${found.files.length} files)`]
}

function asFile(image: GateImage, name: string): string[] {
  return image.tools
    .filter(
      (tool) =>
        tool.layer >= image.baseLayers &&
        (tool.package === name || sameProgram(posix.basename(tool.path), name)),
    )
    .slice(0, 5)
    .map((tool) => `layer ${tool.layer + 1}: ${tool.path}`)
}

/** `gcc`, `gcc-12` and `x86_64-linux-gnu-gcc-12` are all gcc. */
function sameProgram(file: string, name: string): boolean {
  return file.replace(/^[\w]+-linux-(?:gnu|musl)-/, '').replace(/-\d+(?:\.\d+)*$/, '') === name
}
