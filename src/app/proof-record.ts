import { randomBytes } from 'node:crypto'
import { dirname, join, relative } from 'node:path'
import { canonicalJson, type Source } from '../base/index.ts'
import { openContext } from '../context/index.ts'
import { type Digest, sha256 } from '../image/index.ts'
import {
  type KeptSetting,
  keepEntrypoint,
  keepSetting,
  type Proof,
  type ProofRecord,
  type RecordedImage,
  type RecordedProject,
  sealRecord,
} from '../proof/index.ts'
import { imageSize } from './images.ts'
import type { ProofImage, ProofRequest } from './proof-request.ts'
import type { Session } from './session.ts'
import { isStandIn } from './stand-ins.ts'
import { writeFile } from './write-file.ts'

/** The project behind two images, as far as a proof file records it. */
export type ProvedProject = {
  /** Absolute folder of the context. */
  readonly root: string
  /** Absolute path of the Dockerfile. */
  readonly path: string
  readonly before: string
  readonly after: string
  /** The ignore file that was used, or would be in place. */
  readonly ignore: Source | null
}

/** Where and by whom a proof file is written. */
export type ProofFile = { readonly path: string; readonly version: string }

/**
 * Writes a proof with everything it depends on, for its owner only; values of settings are left out. The file appears
 * whole or not at all. @throws Fault OUTPUT_UNWRITABLE
 */
export function writeProofFile(
  session: Session,
  file: ProofFile,
  made: {
    readonly request: ProofRequest
    readonly proof: Proof
    readonly project: ProvedProject | null
  },
): ProofRecord {
  const { request, proof, project } = made
  const salt = randomBytes(16).toString('hex')
  const keep = (env: readonly string[]): readonly KeptSetting[] =>
    env.map((pair) => keepSetting(salt, pair))
  const record = sealRecord({
    version: 1,
    tool: { name: 'jettison', version: file.version },
    created: new Date().toISOString(),
    inputs: {
      fat: recordedImage(session, request.fat),
      lean: recordedImage(session, request.lean),
      project: project && recordedProject(session, project, file.path),
      probes: request.probes,
      entrypoints: request.entrypoints.map((one) => keepEntrypoint(salt, one)),
      services: request.services.map(({ name, reference, image, env, ...more }) => ({
        ...{ name, reference, id: image.id, env: keep(env) },
        command: more.command ?? null,
        entrypoint: more.entrypoint ?? null,
        health: more.health ?? null,
      })),
      absentServices: request.absent,
      salt,
      env: keep(request.env),
      maxSize: request.maxSize,
      mutations: request.mutations ?? null,
    },
    proof,
  })
  writeFile(file.path, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
  return record
}

function recordedImage(
  session: Session,
  { name, image, baseLayers, base }: ProofImage,
): RecordedImage {
  return {
    name,
    tagged: session.store.findImage(name)?.id === image.id,
    id: image.id,
    diffIds: image.config.rootfs.diff_ids as readonly Digest[],
    size: imageSize(session, image),
    baseLayers,
    base: base?.id ?? null,
    standIn: isStandIn(image),
  }
}

function recordedProject(session: Session, project: ProvedProject, file: string): RecordedProject {
  const from = dirname(file)
  const { digest, files } = contextDigest(session, project, file)
  return {
    context: relative(from, project.root) || '.',
    dockerfile: relative(from, project.path),
    fatText: sha256(project.before),
    leanText: sha256(project.after),
    ignore: project.ignore?.text ?? null,
    contextDigest: digest,
    contextFiles: files,
  }
}

/**
 * What a build could copy, whatever it does: names, kinds, contents, and of the modes what Git keeps. The Dockerfile and the ignore file have
 * digests of their own, and the proof file cannot know its own.
 */
export function contextDigest(
  session: Session,
  project: Pick<ProvedProject, 'root' | 'path' | 'ignore'>,
  file: string,
): { readonly digest: Digest; readonly files: number } {
  const { root, path, ignore } = project
  const indexDir = join(session.settings.root, 'contexts')
  const context = openContext({ dir: root, ignoreFile: ignore, indexDir })
  const left = new Set([path, file].map((one) => `/${relative(context.root, one)}`))
  const lines: (readonly (string | number)[])[] = []
  for (const entry of context.tree.walk()) {
    if (entry.path === '/' || left.has(entry.path) || /(?:^|[/.])dockerignore$/.test(entry.path))
      continue
    const content =
      entry.kind === 'file'
        ? context.contentDigest(entry.path)
        : entry.kind === 'symlink'
          ? (entry.link ?? '')
          : ''
    lines.push([entry.path, entry.kind, executable(entry), content])
  }
  lines.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return { digest: sha256(canonicalJson(lines)), files: lines.length }
}

function executable({ kind, mode }: { readonly kind: string; readonly mode: number }): number {
  return kind === 'file' && (mode & 0o111) !== 0 ? 1 : 0
}
