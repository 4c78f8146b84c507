import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The pairs of images of test/corpus: what fails, what attacks the proof, and what only looks different. */
const corpus = join(import.meta.dirname, '../../test/corpus')
export const shared: string = join(corpus, 'shared')

export type Suite = 'failures' | 'attacks' | 'equivalent'
export const suites: readonly Suite[] = ['failures', 'attacks', 'equivalent']

/** A pair of Dockerfiles beside a `case.json`; what it does not have itself comes from `shared`. */
export type Case = {
  readonly suite: Suite
  /** The folder's name, e.g. `F01-missing-library`. */
  readonly name: string
  readonly folder: string
  /** The failure class of the catalogue, e.g. `F1`; the name for other suites. */
  readonly class: string
  readonly title: string
  /** `NOT BUILT`: the build of lean has to fail. */
  readonly verdict: 'DIFFERENT' | 'EQUIVALENT' | 'UNPROVEN' | 'NOT BUILT'
  /** The rung that must see it, and what it must say; `build` for what does not build. */
  readonly rung?: string
  readonly message?: string
  /** A path that breaks in lean when it is asked for, which shows that the case is what it says. */
  readonly symptom?: string
  /** References of the bases that it is built on. */
  readonly bases: readonly string[]
}

/** A class of the catalogue that this machine cannot show, and why. */
export type NotHere = { readonly class: string; readonly title: string; readonly reason: string }

export function casesOf(suite: Suite): readonly Case[] {
  const root = join(corpus, suite)
  return readdirSync(root)
    .sort()
    .map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, 'case.json')))
    .map((folder) => caseIn(suite, folder))
}

export function classesNotHere(): readonly NotHere[] {
  return JSON.parse(
    readFileSync(join(corpus, 'failures/not-here.json'), 'utf8'),
  ) as readonly NotHere[]
}

function caseIn(suite: Suite, folder: string): Case {
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  const told = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Partial<Case>
  const { title, verdict } = told
  if (title === undefined || verdict === undefined)
    throw new Error(`${folder}/case.json: title and verdict are needed`)
  const texts = ['fat', 'lean'].map((side) =>
    readFileSync(join(folder, `${side}.Dockerfile`), 'utf8'),
  )
  return {
    ...told,
    suite,
    name,
    folder,
    class: told.class ?? name,
    title,
    verdict,
    bases: basesOf(texts),
  }
}

/** Images that are named after FROM and are no stage of the file. */
function basesOf(texts: readonly string[]): readonly string[] {
  const found = texts.flatMap((text) => {
    const stages = [...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name)
    return [...text.matchAll(/^FROM (\S+)/gm)].flatMap(([, name]) =>
      name === undefined || name === 'scratch' || stages.includes(name) ? [] : [name],
    )
  })
  return [...new Set(found)]
}
