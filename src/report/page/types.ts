import type { Category, CategoryId, Package } from '../../analysis/index.ts'
import type { Report, StepTime } from '../document.ts'

/** A file that counts: where it is, what it weighs, what it is for, which layer (0 = lowest) brought it. */
export type FileWeight = {
  readonly path: string
  readonly bytes: number
  readonly category: CategoryId
  readonly layer: number
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
  /** Live bytes by category, largest first. */
  readonly categories: readonly (readonly [CategoryId, number])[]
}

export type PagePackage = Pick<Package, 'manager' | 'name' | 'version'> & {
  readonly source: string | null
  /** Bytes of its files that are in the image. */
  readonly bytes: number
  readonly category: CategoryId
  readonly layer: number
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
 * A directory or file of both images: name, bytes before, bytes after, category (index into `categories` of the page;
 * of its largest part for a directory), layer before (else after), children. Small files are folded together by
 * category under a name in parentheses, so the sums stay exact.
 */
export type PageNode = readonly [
  name: string,
  before: number,
  after: number,
  category: number,
  layer: number,
  children?: readonly PageNode[],
]

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
  readonly tree: PageNode
  /** Lines of the two Dockerfiles side by side; null where one has no counterpart. */
  readonly dockerfiles: readonly PageLine[] | null
  readonly stages: readonly PageStage[]
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

/** A stage of the Dockerfile after, and what it copies from others. */
export type PageStage = {
  readonly name: string
  readonly from: string
  readonly final: boolean
  readonly copies: readonly { readonly from: string; readonly paths: readonly string[] }[]
}

/** `critical`: on the chain of steps that nothing but the chain itself could have made shorter. */
export type PageStep = StepTime & { readonly critical: boolean }
