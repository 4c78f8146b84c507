import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Category, Package } from '../analysis/index.ts'
import { build } from './build.ts'
import { compareFiles, type FileChange, type Move } from './compare-files.ts'
import { atOnce, type ImageSource, openImage, packedBytes, storedSource } from './image-source.ts'
import type { Session } from './session.ts'
import { weigh } from './weigh.ts'

export type Compared = {
  readonly name: string
  readonly id: string
  /** Uncompressed sum of the layers, bytes. */
  readonly size: number
  /** Of that what is seen at the end. */
  readonly visible: number
  /** Bytes in a registry; null where a layer was never compressed. */
  readonly compressed: number | null
  readonly layers: number
  readonly packages: number
  readonly ballast: number
}

export type Comparison = {
  readonly before: Compared
  readonly after: Compared
  /** Largest change first. */
  readonly categories: readonly {
    readonly title: string
    readonly ballast: boolean
    readonly before: number
    readonly after: number
  }[]
  /** Files by their origin, largest change first; without those of `moves`. */
  readonly changes: readonly FileChange[]
  readonly moves: readonly Move[]
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Fields of the configuration that differ, as JSON. */
  readonly config: readonly {
    readonly field: string
    readonly before: string
    readonly after: string
  }[]
}

/**
 * Two images side by side: sizes, layers, packages, categories, files, configuration. A side is an image as `openImage`
 * takes it, or the path of a project or of a Dockerfile, which is built first.
 */
export async function compare(
  session: Session,
  before: string,
  after: string,
  cwd: string,
): Promise<Comparison> {
  const open = async (name: string): Promise<ImageSource> =>
    (await buildSide(session, name, cwd)) ?? (await openImage(session, name, cwd))
  const image = await open(before)
  try {
    const other = await open(after)
    try {
      const [a, b] = [
        await atOnce(session, () => lookAt(before, image)),
        await atOnce(session, () => lookAt(after, other)),
      ]
      return await atOnce(session, () => sideBySide(a, b))
    } finally {
      other.close()
    }
  } finally {
    image.close()
  }
}

type Side = {
  readonly name: string
  readonly image: ImageSource
  readonly weight: ReturnType<typeof weigh>
}

function lookAt(name: string, image: ImageSource): Side {
  return { name, image, weight: weigh(image, null, 0) }
}

function sideBySide(a: Side, b: Side): Comparison {
  const categories = new Map(
    [...a.weight.categories, ...b.weight.categories].map((category) => [category.id, category]),
  )
  const names = (side: Side): Set<string> => new Set(side.weight.packages.map(nameOf))
  const [namesA, namesB] = [names(a), names(b)]
  return {
    before: summary(a),
    after: summary(b),
    categories: [...categories.values()]
      .map(({ id, title, ballast }) => ({
        ...{ title, ballast },
        before: bytesOf(a, id),
        after: bytesOf(b, id),
      }))
      .sort((x, y) => Math.abs(y.after - y.before) - Math.abs(x.after - x.before)),
    ...compareFiles(
      { tree: a.image.tree, files: a.weight.files },
      { tree: b.image.tree, files: b.weight.files },
    ),
    added: [...namesB].filter((name) => !namesA.has(name)).sort(byName),
    removed: [...namesA].filter((name) => !namesB.has(name)).sort(byName),
    config: configChanges(a, b),
  }
}

/** The image of a folder that holds a Dockerfile, or of a Dockerfile; undefined for anything else. */
async function buildSide(
  session: Session,
  name: string,
  cwd: string,
): Promise<ImageSource | undefined> {
  const path = resolve(cwd, name)
  const stats = statSync(path, { throwIfNoEntry: false })
  const isProject = stats?.isDirectory() === true && existsSync(join(path, 'Dockerfile'))
  const isDockerfile = stats?.isFile() === true && /(?:^|[./])dockerfile/i.test(basename(path))
  if (!isProject && !isDockerfile) return undefined
  const built = await build(session, {
    context: isProject ? path : dirname(path),
    ...(isProject ? {} : { file: path }),
    cwd,
  })
  return storedSource(session, name, built.image)
}

function summary({ name, image, weight }: Side): Compared {
  return {
    ...{ name, id: image.id, visible: weight.visible, layers: image.layers.length },
    size: weight.layers.reduce((sum, { bytes }) => sum + bytes, 0),
    compressed: packedBytes(image.layers),
    packages: weight.packages.length,
    ballast: weight.categories.reduce((sum, one) => sum + (one.ballast ? one.bytes : 0), 0),
  }
}

function bytesOf({ weight }: Side, id: Category['id']): number {
  return weight.categories.find((category) => category.id === id)?.bytes ?? 0
}

function nameOf(item: Package): string {
  return `${item.name} ${item.version} (${item.manager})`
}

function configChanges(a: Side, b: Side): Comparison['config'] {
  const [before, after] = [a.image.config.config, b.image.config.config] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort(byName)
    .flatMap((field) => {
      const [x, y] = [before[field], after[field]].map((value) =>
        JSON.stringify(value ?? null),
      ) as [string, string]
      return x === y ? [] : [{ field, before: x, after: y }]
    })
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1
}
