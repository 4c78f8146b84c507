import { formatSize } from '../../base/index.ts'
import type { PolicyKind } from '../define.ts'
import { sortIgnored } from '../ignore.ts'
import { many } from '../many.ts'
import type { GateInput, Item } from '../types.ts'

/** What is in a project and never meant for its image; the group is the path that .dockerignore names. */
const clutter: readonly RegExp[] = [
  /^(.*?\/\.(?:git|hg|svn|github|idea|vscode|venv|tox|nox|gradle|terraform|parcel-cache|turbo|nyc_output))\//,
  /^(.*?\/(?:node_modules|venv|__pycache__|\.(?:pytest|mypy|ruff)_cache))\//,
  /^(.*?\/(?:Dockerfile(?:\.[\w.-]+)?|\.dockerignore|(?:docker-)?compose\.ya?ml))$/,
  /^(.*?\/(?:\.DS_Store|Thumbs\.db|\.coverage|npm-debug\.log|\.gitignore|\.gitattributes))$/,
]

/** What a COPY or ADD took from the build context although every project has it in its .dockerignore. */
export const dockerignore: PolicyKind<{ readonly max: 'size?' }> = {
  options: { max: 'size?' },
  why: 'it is sent to every build, kept in the image, and changes the layer although the app is the same',
  fix: 'name it in .dockerignore',
  slimFixes: false,
  judge: ({ max }, input) => {
    const common = {
      title: 'nothing of the context that belongs into .dockerignore',
      allowed: max === null ? 'none' : `at most ${formatSize(max)}`,
    }
    if (!input.image) return { ...common, status: 'skip', found: 'no image', items: [] }
    if (!input.dockerfile)
      return { ...common, status: 'skip', found: 'no Dockerfile to tell its COPY by', items: [] }
    const { counted, notCounted } = sortIgnored('dockerignore', itemsOf(input), input)
    const bytes = counted.reduce((sum, item) => sum + (item.bytes ?? 0), 0)
    return {
      ...common,
      status: counted.length > 0 && bytes > (max ?? -1) ? 'fail' : 'pass',
      found:
        counted.length === 0 ? 'none' : `${formatSize(bytes)} in ${many(counted.length, 'place')}`,
      items: counted,
      notCounted,
      ...(counted.length > 0 ? { fix: fixFor(counted) } : {}),
    }
  },
}

function itemsOf({ image, dockerfile }: GateInput): readonly Item[] {
  if (!image || !dockerfile) return []
  const { files, layers } = image.weight()
  const fromContext = contextLines(dockerfile)
  const groups = new Map<string, { readonly layer: number; bytes: number; files: number }>()
  for (const { path, bytes, layer } of files) {
    const line = layers[layer]?.line ?? null
    if (layer < image.baseLayers || line === null || !fromContext.has(line)) continue
    const root = rootOf(path)
    if (root === undefined) continue
    const group = groups.get(root) ?? { layer, bytes: 0, files: 0 }
    groups.set(root, group)
    group.bytes += bytes
    group.files += 1
  }
  return [...groups]
    .sort(([, a], [, b]) => b.bytes - a.bytes)
    .map(([path, group]) => ({
      what: `${path} ${formatSize(group.bytes)}${group.files > 1 ? ` in ${many(group.files, 'file')}` : ''}`,
      ...{ path, bytes: group.bytes, layer: group.layer },
      line: layers[group.layer]?.line ?? undefined,
    }))
}

function rootOf(path: string): string | undefined {
  for (const pattern of clutter) {
    const root = pattern.exec(path)?.[1]
    if (root !== undefined) return root
  }
  return undefined
}

/** First lines of the COPY and ADD that read the build context. */
function contextLines({
  source,
  value,
}: NonNullable<GateInput['dockerfile']>): ReadonlySet<number> {
  return new Set(
    value.instructions
      .filter(
        (one) =>
          (one.kind === 'copy' || one.kind === 'add') &&
          !one.flags.some(({ name }) => name === 'from'),
      )
      .map(({ range }) => source.text.slice(0, range.start).split('\n').length),
  )
}

/** The lines that keep these out, written for any depth. */
function fixFor(items: readonly Item[]): string {
  const names = items.map(({ path = '' }) => path.slice(path.lastIndexOf('/') + 1))
  const lines = [...new Set(names)].slice(0, 8).map((name) => `**/${name}`)
  return `add to .dockerignore: ${lines.join(' ')}`
}
