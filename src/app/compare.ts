import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Analysis, analyzeImage, type Category, type Package } from '../analysis/index.ts'
import { build } from './build.ts'
import { atOnce, type ImageSource, openImage, storedSource } from './image-source.ts'
import type { Session } from './session.ts'

export type Compared = {
  readonly name: string
  readonly id: string
  readonly size: number
  readonly layers: number
  readonly packages: number
  readonly ballast: number
}

export type Comparison = {
  readonly before: Compared
  readonly after: Compared
  readonly categories: readonly {
    readonly title: string
    readonly before: number
    readonly after: number
  }[]
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
 * Two images side by side: sizes, layers, packages, categories, configuration. A side is an image as `openImage` takes
 * it, or the path of a project or of a Dockerfile, which is built first.
 */
export async function compare(
  session: Session,
  before: string,
  after: string,
  cwd: string,
): Promise<Comparison> {
  const look = async (name: string): Promise<Side> => {
    const image = (await buildSide(session, name, cwd)) ?? (await openImage(session, name, cwd))
    const { tree, config } = image
    const layerSizes = image.layers.map(({ bytes }) => bytes)
    try {
      const analysis = await atOnce(session, () => analyzeImage({ tree, config, layerSizes }))
      return { name, image, analysis }
    } finally {
      image.close()
    }
  }
  const [a, b] = [await look(before), await look(after)]
  const titles = new Map(
    [...a.analysis.categories, ...b.analysis.categories].map((category) => [
      category.id,
      category.title,
    ]),
  )
  const names = (side: Side): Set<string> => new Set(side.analysis.packages.map(nameOf))
  const [namesA, namesB] = [names(a), names(b)]
  return {
    before: summary(a),
    after: summary(b),
    categories: [...titles]
      .map(([id, title]) => ({
        title,
        before: bytesOf(a.analysis, id),
        after: bytesOf(b.analysis, id),
      }))
      .sort((x, y) => Math.abs(y.after - y.before) - Math.abs(x.after - x.before)),
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

type Side = {
  readonly name: string
  readonly image: ImageSource
  readonly analysis: Analysis
}

function summary({ name, image, analysis }: Side): Compared {
  return {
    name,
    id: image.id,
    size: analysis.layerBytes,
    layers: image.layers.length,
    packages: analysis.packages.length,
    ballast: analysis.categories
      .filter((category) => category.ballast)
      .reduce((sum, category) => sum + category.bytes, 0),
  }
}

function bytesOf(analysis: Analysis, id: Category['id']): number {
  return analysis.categories.find((category) => category.id === id)?.bytes ?? 0
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
