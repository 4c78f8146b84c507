import type { Digest } from '../../image/index.ts'
import type { Probe } from '../probes/index.ts'
import type { AbsentService } from '../services/index.ts'
import type { Proof } from '../verdict.ts'
import type { KeptEntrypoint, KeptSetting } from './kept.ts'

export type RecordedImage = {
  /** How the proof named it. */
  readonly name: string
  /** The name is a tag that led to this image; false when it is only a word for people. */
  readonly tagged: boolean
  /** Digest of the configuration. */
  readonly id: Digest
  /** Of the uncompressed layers, lowest first. */
  readonly diffIds: readonly Digest[]
  /** Uncompressed bytes. */
  readonly size: number
  /** Layers that belong to the base, and the image that they are when it was known. */
  readonly baseLayers: number
  readonly base: Digest | null
  /** Stands on bases made from Debian packages and not on official images. */
  readonly standIn: boolean
}

export type RecordedService = {
  readonly name: string
  readonly reference: string
  readonly id: Digest
  readonly env: readonly KeptSetting[]
  readonly command: readonly string[] | null
  readonly entrypoint: readonly string[] | null
  readonly health: readonly string[] | null
}

/** The project that the images were built from; paths are relative to the folder of the proof file. */
export type RecordedProject = {
  readonly context: string
  readonly dockerfile: string
  /** Of the Dockerfile before and after the conversion: either may be in place. */
  readonly fatText: Digest
  readonly leanText: Digest
  /** The ignore rules with which the context was read; null for none. */
  readonly ignore: string | null
  /** Of names, kinds, modes and contents of the context's files, without Dockerfile, ignore file and proof file. */
  readonly contextDigest: Digest
  readonly contextFiles: number
}

export type RecordedInputs = {
  readonly fat: RecordedImage
  readonly lean: RecordedImage
  readonly project: RecordedProject | null
  readonly probes: readonly Probe[]
  readonly entrypoints: readonly KeptEntrypoint[]
  readonly services: readonly RecordedService[]
  readonly absentServices: readonly AbsentService[]
  /** Random, for the digests of settings. */
  readonly salt: string
  /** What both apps were started with. */
  readonly env: readonly KeptSetting[]
  readonly maxSize: number | null
  readonly mutations: number | 'all' | null
}

/** A proof with everything it depends on: what `jettison prove --replay` checks again (schemas/proof-1.json). */
export type ProofRecord = {
  readonly version: 1
  readonly tool: { readonly name: 'jettison'; readonly version: string }
  /** RFC 3339. */
  readonly created: string
  readonly inputs: RecordedInputs
  readonly proof: Proof
  /**
   * sha256 of all other fields as canonical JSON. It tells damage and careless edits; it is no signature: whoever
   * rewrites the file can compute it again, and that is what the replay is for.
   */
  readonly digest: Digest
}
