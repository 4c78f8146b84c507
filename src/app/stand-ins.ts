import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'

export type RootVariant = 'full' | 'slim'

/** How to make one official image from Debian packages when no registry can be reached (DESIGN §9). */
export type StandIn = {
  /** The official image it stands for, short form: `python:3.11-slim`. Its tag in the store. */
  readonly reference: string
  /** Absolute path of the Dockerfile that makes it. */
  readonly dockerfile: string
  /** Absolute path of the build context; null when the context is the folder of the root tar. */
  readonly context: string | null
  /** The root file system that the Dockerfile adds as `rootfs.tar`; see `makeRootTar`. */
  readonly rootfs: { readonly suite: string; readonly variant: RootVariant } | null
  /** Reference of the stand-in that its FROM names; null for `FROM scratch`. */
  readonly base: string | null
  /** References of other stand-ins that its Dockerfile copies from. */
  readonly also?: readonly string[]
  /** How it differs from the official image, one line for a person. */
  readonly notes: string
}

/** The label that every stand-in and everything built on one carries; the report reads `standInBases` from it. */
export const standInLabel = 'dev.jettison.stand-in'

export function isStandIn(image: StoredImage): boolean {
  return image.config.config.Labels?.[standInLabel] === 'true'
}

/** Finds the stand-in for a reference in any of Docker's spellings; undefined for tags that nothing stands for. */
export function standInFor(reference: string): StandIn | undefined {
  const name = familiar(reference)
  const row = manifest().find((entry) => entry.reference === name || entry.aliases.includes(name))
  return row && toStandIn(row)
}

/** Every stand-in, each after the one it is built on. */
export function allStandIns(): readonly StandIn[] {
  return manifest().map(toStandIn)
}

/** What must exist before the reference: its bases, lowest first, and itself last. Empty when nothing stands for it. */
export function standInChain(reference: string): readonly StandIn[] {
  const standIn = standInFor(reference)
  if (!standIn) return []
  const below = [...(standIn.base === null ? [] : [standIn.base]), ...(standIn.also ?? [])]
  const chain = below.flatMap(standInChain)
  return [...new Map([...chain, standIn].map((one) => [one.reference, one])).values()]
}

type Row = {
  readonly reference: string
  readonly aliases: readonly string[]
  readonly dockerfile: string
  readonly rootfs: StandIn['rootfs']
  readonly base: string | null
  readonly also?: readonly string[]
  readonly notes: string
}

function toStandIn({ aliases: _, ...row }: Row): StandIn {
  const dockerfile = join(basesFolder(), row.dockerfile)
  return { ...row, dockerfile, context: row.rootfs ? null : dirname(dockerfile) }
}

function familiar(reference: string): string {
  return reference.replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?(?=[^/]+$)/, '')
}

let rows: readonly Row[] | undefined

function manifest(): readonly Row[] {
  rows ??= (
    JSON.parse(readFileSync(join(basesFolder(), 'bases.json'), 'utf8')) as {
      readonly standIns: readonly Row[]
    }
  ).standIns
  return rows
}

/** `bases/` of the package: the same upward search works from the sources and from any depth of `dist/`. */
export function basesFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'bases', 'bases.json'))) return join(folder, 'bases')
    if (folder === dirname(folder))
      throw new Fault('BASES_MISSING', 'the folder bases/ of jettison is missing', {
        kind: 'internal',
        hint: 'install jettison again',
      })
  }
}
