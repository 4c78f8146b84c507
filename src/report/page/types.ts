import type { Category, CategoryId, Package } from '../../analysis/index.ts'
import type { RungId } from '../../proof/index.ts'
import type { Report, StepTime } from '../document.ts'

/**
 * A file that counts: where it is, what it weighs, what it is for, which layer (0 = lowest) brought it, and what a
 * person calls its origin: `gcc-12 (dpkg)`, `/root/.cache/pip`.
 */
export type FileWeight = {
  readonly path: string
  readonly bytes: number
  readonly category: CategoryId
  readonly layer: number
  readonly what: string
}

export type PageLayer = {
  readonly createdBy: string
  /** Bytes of the layer, hidden ones included. */
  readonly bytes: number
  readonly files: number
  /** Bytes in a registry; measured when `compressedKnown`, else estimated from samples. */
  readonly compressed: number
  readonly compressedKnown: boolean
  /** 1-based first line of the instruction that made it; null when it came with the base. */
  readonly line: number | null
  readonly live: number
  readonly overwritten: number
  readonly metadataOnly: number
  readonly deleted: number
  /** Of what is overwritten or there again: which later layer did it (0 = lowest), and how many bytes it hides. */
  readonly hiddenBy: readonly (readonly [layer: number, bytes: number])[]
  /** Live bytes by category, largest first. */
  readonly categories: readonly (readonly [CategoryId, number])[]
}

export type PagePackage = Pick<Package, 'manager' | 'name' | 'version'> & {
  readonly source: string | null
  /** Bytes of its files that are in the image. */
  readonly bytes: number
  readonly category: CategoryId
  readonly layer: number
  /** What it asks for, as indexes into the packages of its image. */
  readonly depends: readonly number[]
}

/** One image as the page shows it. */
export type PageImage = {
  readonly reference: string
  readonly id: string
  /** Sum of the layers, bytes: what `image ls` calls SIZE. */
  readonly size: number
  /** Bytes of the merged tree; the categories sum to it. */
  readonly visible: number
  readonly compressedSize: number | null
  readonly layers: readonly PageLayer[]
  readonly categories: readonly Category[]
  readonly packages: readonly PagePackage[]
  readonly files: readonly FileWeight[]
}

/**
 * A file of both images: name, bytes before, bytes after, category (index into `categories` of the page), the layer that
 * brings it before and after (-1 where it is not), its origin (index into `owners`, -1 for several). A single
 * small file may have folders in its name. With a count it stands for that many small files of one category and layer,
 * which have no name; so the sums stay exact.
 */
export type PageFile = readonly [
  name: string,
  before: number,
  after: number,
  category: number,
  layerBefore: number,
  layerAfter: number,
  owner: number,
  count?: number,
]

/** A directory of both images, its largest child first. */
export type PageFolder = readonly [name: string, children: readonly PageNode[]]

export type PageNode = PageFile | PageFolder

/** Everything that the page holds. `files` of the images are in `tree`. */
export type PageData = {
  readonly version: 1
  readonly title: string
  /** Version of jettison that wrote it. */
  readonly writer: string
  readonly report: Report | null
  readonly before: Omit<PageImage, 'files'>
  readonly after: Omit<PageImage, 'files'> | null
  readonly categories: readonly CategoryId[]
  /** Origins of files, `gcc-12 (dpkg)`, that the tree points to. */
  readonly owners: readonly string[]
  readonly tree: PageFolder
  /** Lines of the two Dockerfiles side by side; null where one has no counterpart. */
  readonly dockerfiles: readonly PageLine[] | null
  readonly stages: { readonly before: readonly PageStage[]; readonly after: readonly PageStage[] }
  /** What the conversion changed, in the order of the file; empty where nothing was converted. */
  readonly changes: readonly PageChange[]
  readonly steps: readonly PageStep[]
}

/** One row of the two Dockerfiles. */
export type PageLine = {
  readonly before: PageText | null
  readonly after: PageText | null
}

/** A line of a Dockerfile: its 1-based number, its text, and the 1-based first line of its instruction. */
export type PageText = {
  readonly line: number
  readonly text: string
  readonly instruction: number | null
  /** The line only exists in a build stage: its bytes are not in the image. */
  readonly builder: boolean
}

/** A stage of a Dockerfile, the 1-based lines from its FROM to its last, and what it copies from others. */
export type PageStage = {
  readonly name: string
  /** The image, or the name of the stage, that it starts from. */
  readonly from: string
  readonly line: number
  readonly lastLine: number
  readonly final: boolean
  readonly copies: readonly PageCopy[]
}

/** One COPY or mount out of another stage (its name) or image (its reference), and the line that does it. */
export type PageCopy = {
  readonly from: string
  readonly paths: readonly string[]
  readonly line: number
  readonly mount: boolean
}

/** One step of a rewrite, for a reviewer. `line` is in the Dockerfile after. */
export type PageChange = {
  readonly line: number | null
  readonly what: string
  readonly why: string
  readonly risk: string
  /** The rungs of the proof that would have noticed. */
  readonly verifiedBy: readonly RungId[]
}

/** `critical`: on the chain of steps that nothing but the chain itself could have made shorter. */
export type PageStep = StepTime & { readonly critical: boolean }
