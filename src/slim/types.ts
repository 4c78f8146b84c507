import type { PackageDatabase } from '../analysis/index.ts'
import type { Edit } from '../dockerfile/index.ts'
import type { FileTree, ImageConfig } from '../image/index.ts'
import type { Facts } from './facts/index.ts'

/** A project whose fat image is built. */
export type ProjectInput = {
  readonly facts: Facts
  readonly fatTree: FileTree
  readonly fatDb: PackageDatabase
}

/** Files that a build leaves and no runtime needs. */
export type Leftover = {
  /** Matched against absolute paths of the image. */
  readonly path: RegExp
  /** What they are: `Go's module cache`. */
  readonly what: string
  /** `always`, or only where the ecosystem merely helped to build another one's app (`node_modules`). */
  readonly when: 'always' | 'helper'
}

export type PlanInput = ProjectInput & {
  /** The lean base's own tree; without it, the package list of the official slim images is believed. */
  readonly leanBaseTree?: FileTree | undefined
  /** The lean base's own configuration, for what the fat base sets and it does not. */
  readonly leanBaseConfig?: ImageConfig | undefined
  /** False when the user gave no probe; not asked about when absent. */
  readonly probed?: boolean
  /** What the ecosystems that took part leave behind. */
  readonly leftovers?: readonly Leftover[]
  /** `KEY=value` as the fat image's configuration has them; the configuration's own when absent. */
  readonly env?: readonly string[]
}

/** Why a package is in the runtime stage. */
export type PackageReason =
  | {
      readonly kind: 'library'
      /** What the loader asks for, e.g. `libpq.so.5`. */
      readonly soname: string
      /** Files that ask for it, absolute paths in the fat image, sorted; `via` says when only through others. */
      readonly neededBy: readonly string[]
      /** The language package that the first of them belongs to, `psycopg2 2.9.9`. */
      readonly distribution: string | null
      /** The requirement that asked for that package, `requirements.txt:3`, when it was a direct one. */
      readonly requirement: string | null
    }
  | {
      readonly kind: 'opened'
      /** What the package opens at run time without linking it: a library, a program or data. */
      readonly what: string
      readonly distribution: string
    }
  | { readonly kind: 'program'; readonly program: string; readonly calledBy: string }
  | { readonly kind: 'named' }
  | { readonly kind: 'repair'; readonly missing: string }

/** A system package of the runtime stage, with everything that asks for it. */
export type RuntimePackage = {
  /** The name in the fat image's package database. */
  readonly name: string
  /** What the install line says: the name, or the user's own form with a version. */
  readonly text: string
  readonly because: readonly PackageReason[]
}

/** A system package that only the builder stage keeps. */
export type BuildPackage = { readonly name: string; readonly because: string }

/**
 * What becomes of one instruction of the fat stage that is not simply left alone.
 * `builder`: kept, dropped, or edited in place (ranges of the Dockerfile).
 * `runtime`: what the runtime stage gets at this point, in order; `same` is the instruction as written.
 */
export type Step = {
  /** Index into the instructions of the stage. */
  readonly instruction: number
  readonly builder: 'keep' | 'drop' | readonly Edit[]
  readonly runtime: readonly RuntimePiece[]
}

export type RuntimePiece =
  | { readonly kind: 'same' }
  | { readonly kind: 'system-packages' }
  | { readonly kind: 'text'; readonly text: string }

/** The rewrite as data: printed by `rewriteDockerfile`, extended by `withRuntimePackages`. */
export type Plan = {
  readonly ecosystem: string
  /** Indexes of the stages that make the image, see `Facts.chain`; steps count their instructions through. */
  readonly chain: readonly number[]
  readonly builder: {
    readonly name: string
    /** Instructions after the fat stage's own, one text each. */
    readonly end?: readonly string[]
  }
  readonly runtime: { readonly name: string; readonly from: string; readonly reference: string }
  /** The last stage stays one: its base and its own lines change, and no stage is added. */
  readonly inPlace?: true
  /** Lines after FROM, where no stage is added. */
  readonly start?: readonly string[]
  /** Steps up to and including the last one that needs the builder; those after it stay where they are. */
  readonly shared: readonly Step[]
  /** Steps after that which change; every other instruction stays byte for byte. */
  readonly rest: readonly Step[]
  /** What installs the runtime's packages: the fat image's own. */
  readonly manager: 'apt' | 'apk'
  readonly runtimePackages: readonly RuntimePackage[]
  readonly buildPackages: readonly BuildPackage[]
  /** The Dockerfile upgraded the system's packages, so the runtime does as well. */
  readonly upgradesSystem: boolean
  /** A build step derives a version from `.git`, so a generated `.dockerignore` must not hide it. */
  readonly needsVersionControl: boolean
  readonly estimate: Estimate | null
  /** What a reader should know, one sentence each. */
  readonly notes: readonly string[]
}

/** Bytes before and (estimated from the fat image's own files) after. */
export type Estimate = { readonly fatBytes: number; readonly leanBytes: number }

/** Why `slim` does not convert; `code` is stable, `details` carry the numbers and the advice. */
export type Refusal = {
  readonly code: RefusalCode
  readonly message: string
  readonly details: readonly string[]
}

export type RefusalCode =
  | 'already-lean'
  | 'cannot-prove'
  | 'gain-too-small'
  | 'compiler-needed-at-runtime'
  | 'slim-base-is-enough'
  | 'unsupported-base'
  | 'unsupported-ecosystem'
  | 'unsupported-step'
  | 'whole-system-copied'

export type Planned =
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** `ecosystem` is the one that refused; absent when none was asked. */
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly ecosystem?: string }
