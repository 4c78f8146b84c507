import type { Edit } from '../../dockerfile/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import type { ChosenBase } from '../bases/index.ts'
import type { InstructionFacts, RunCommand } from '../facts/index.ts'
import type { LeanBase, OpenedNeed } from '../system/index.ts'
import type { BuildPackage, PackageReason, Refusal, RuntimePackage } from '../types.ts'

/** What a command of a RUN is for, as far as the split is concerned. */
export type Role =
  /** Works on system packages or their caches: the builder's; what the runtime needs is installed by a line of its own. */
  | { readonly kind: 'system' }
  /** Runs in both stages, edited for each by `Recipe.prepare`: wheels made here, installed there. */
  | { readonly kind: 'prepared' }
  /** The builder's business, and nothing of it is left: upgrades of an installer, listings, a purge of its cache. */
  | { readonly kind: 'upkeep'; readonly cache: boolean }
  /** Changes the shell itself: `cd`, `export`, `set`. Means nothing alone. */
  | { readonly kind: 'shell-state' }
  /** Builds, fetches or unpacks: the builder runs it, the runtime copies what it left and `Recipe.keeps`. */
  | { readonly kind: 'tool' }
  /** The runtime runs it itself. */
  | { readonly kind: 'other' }
  | { readonly kind: 'refused'; readonly why: string }

export type RoledCommand = { readonly command: RunCommand; readonly role: Role }

/** A RUN with the role of each command; `commands` is null when its script could not be read. */
export type RoledRun = {
  readonly facts: InstructionFacts
  readonly commands: readonly RoledCommand[] | null
}

/** How one command is told to prepare in the builder and to take in the runtime. */
export type Prepared = {
  /** Edits of the command as the builder has it, and as the runtime has it. Ranges of the Dockerfile. */
  readonly builder: readonly Edit[]
  readonly runtime: readonly Edit[]
  /** Files of the image that it reads in the builder, absolute. */
  readonly reads: readonly string[]
  /** It reads the project itself, so the builder needs every COPY before it. */
  readonly readsProject: boolean
}

/** Commands with the role `prepared`. */
export type Preparation = {
  readonly of: (command: RunCommand) => Prepared | undefined
  /** `--mount` flag for a cache of the builder's RUN, null for none. */
  readonly cacheMount: (run: RoledRun) => string | null
  /** `--mount` flags of the runtime's RUN. */
  readonly mounts: (builder: string) => readonly string[]
}

/** What an ecosystem knows, for `splitPlan` to split by. Everything that is absent has the common answer. */
export type Recipe = {
  readonly ecosystem: string
  readonly base: ChosenBase
  /** What a command is for, where the ecosystem knows better than the common rules; null leaves it to them. */
  readonly role?: (command: RunCommand, at: InstructionFacts) => Role | null
  readonly prepare?: Preparation
  /**
   * True for a path above the fat base (absolute; file or link) that the running app needs. Asked only for what no
   * system package owns and no leftover rule takes. Default: all of it.
   */
  readonly keeps?: (path: string) => boolean
  /** Directories that are copied as a whole where a command left anything in them that is kept: `/app/node_modules`. */
  readonly whole?: readonly string[]
  /** Edits of an instruction in the builder, by its index in the stage: cache mounts, `strip`. */
  readonly builderEdits?: (index: number, at: InstructionFacts) => readonly Edit[]
  /** Instructions at the end of the builder, one text each, no line break at the end: `RUN npm prune --omit=dev`. */
  readonly builderEnd?: readonly string[]
  /** Instructions of the runtime after its system packages, by the name of the builder. */
  readonly runtimeStart?: (builder: string) => readonly string[]
  /** Variables that only the fat base sets and the running app reads: `JAVA_HOME`. WORKDIR, USER, PATH are looked after. */
  readonly env?: (name: string) => boolean
  /** ELF files whose libraries the runtime needs. Default: every kept ELF file. */
  readonly roots?: readonly string[]
  /** Interpreter that loads them, see `linkClosure`. */
  readonly host?: string
  /** What the app opens at run time where no ELF file says so. */
  readonly opened?: readonly OpenedNeed[]
  /** System packages that the running app needs for another reason, by name in the fat image. */
  readonly packages?: ReadonlyMap<string, readonly PackageReason[]>
  /** A system package that the user named, that is no build tool by itself, and that only this build used. */
  readonly buildOnly?: (name: string) => boolean
  /** Whose file it is, for the comment at a runtime package. */
  readonly ownerOf?: (path: string) => Owner
  /** The ecosystem's own objections, asked after the survey and before anything is placed. */
  readonly refuse?: (found: Found) => Refusal | null
  /** A build step derives a version from `.git`. Asked when everything is placed, as `notes` is. */
  readonly needsVersionControl?: () => boolean
  readonly notes?: () => readonly string[]
}

/** The language package that a file belongs to, and the requirement that asked for it. */
export type Owner = { readonly distribution: string | null; readonly requirement: string | null }

/** What the common part has found when it asks `Recipe.refuse`. */
export type Found = {
  readonly lean: LeanBase
  /** The project's own files that the runtime keeps. */
  readonly kept: readonly TreeEntry[]
  readonly runs: ReadonlyMap<number, RoledRun>
  /** System packages that the Dockerfile names and only a build needs. */
  readonly buildPackages: readonly BuildPackage[]
  /** System packages that the runtime would install. */
  readonly runtimePackages: readonly RuntimePackage[]
}
