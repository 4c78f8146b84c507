import type { Analysis, Category, Package } from '../analysis/index.ts'
import type { StoredImage } from '../build/index.ts'
import { bringImage } from './docker-engine.ts'
import { imageSize } from './images.ts'
import type { Session } from './session.ts'
import { analyze } from './subject.ts'

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

/** Two images side by side: sizes, layers, packages, categories, configuration. */
export async function compare(
  session: Session,
  before: string,
  after: string,
): Promise<Comparison> {
  const look = async (name: string): Promise<Side> => {
    const image = await bringImage(session, name)
    return { name, image, analysis: analyze(session, image) }
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
    before: summary(session, a),
    after: summary(session, b),
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

type Side = {
  readonly name: string
  readonly image: StoredImage
  readonly analysis: Analysis
}

function summary(session: Session, { name, image, analysis }: Side): Compared {
  return {
    name,
    id: image.id,
    size: imageSize(session, image),
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
