import type { Writable } from 'node:stream'
import { type ByteStream, Fault } from '../base/index.ts'
import type { BuildResult, StoredImage } from '../build/index.ts'
import { type Annotations, familiarName, parseReference, withDefaultTag } from '../image/index.ts'
import { tarOfTree } from '../store/index.ts'
import { giveToEngine } from './docker-engine.ts'
import type { Output } from './output-spec.ts'
import type { Session } from './session.ts'
import { unpackArchive, writeTree } from './write-folder.ts'
import { writeStream } from './write-stream.ts'

/**
 * Sends a build's result where `--output`, `--push` and `--load` say, one after the other.
 * @returns the image with the digest of its manifest, when a push has made one
 * @throws Fault USAGE, OUTPUT_UNWRITABLE, DOCKER_*, those of a push
 */
export async function writeOutputs(
  session: Session,
  { image, absent }: Pick<BuildResult, 'image' | 'absent'>,
  outputs: readonly Output[],
  { tags, stdout }: { readonly tags: readonly string[]; readonly stdout: Writable },
): Promise<StoredImage> {
  let manifest = image.manifest
  for (const output of outputs) {
    if (output.type === 'registry') {
      const names = output.names.length > 0 ? output.names : tags
      manifest = await pushAll(session, { image, absent }, names, output.annotations)
    } else await write(session, image, output, { tags, stdout })
  }
  return { ...image, manifest }
}

/** Whether a result is only sent away: then nobody needs here what the registry has already. */
export function onlyPushed(outputs: readonly Output[]): boolean {
  return outputs.length > 0 && outputs.every(({ type }) => type === 'registry')
}

/** Whether standard output belongs to a result, so that nothing else may be written there. */
export function takesStdout(outputs: readonly Output[]): boolean {
  return outputs.some((output) => 'dest' in output && output.dest === '-')
}

async function write(
  session: Session,
  image: StoredImage,
  output: Exclude<Output, { readonly type: 'registry' }>,
  { tags, stdout }: { readonly tags: readonly string[]; readonly stdout: Writable },
): Promise<void> {
  const { store, emit, signal } = session
  switch (output.type) {
    case 'store':
      return
    case 'engine': {
      const names = tags.map((name) => familiarName(withDefaultTag(parseReference(name))))
      const { engine, sent } = await giveToEngine(session, image, names)
      const layers = image.layers.length
      emit({ kind: 'phase', name: 'load', detail: `${engine}: ${sent} of ${layers} layers sent` })
      return
    }
    case 'archive': {
      const { form, compression, dest, folder, annotations } = output
      const names = output.names.length > 0 ? output.names : tags
      const archive = store.save([image.id], {
        ...{ emit, signal, form, compression, names, annotations },
      })
      if (folder) return unpackArchive(archive, dest)
      return writeStream(archive, { file: dest === '-' ? null : dest, stdout }, signal)
    }
    case 'tar': {
      const tar = files(session, image)
      return writeStream(tar, { file: output.dest === '-' ? null : output.dest, stdout }, signal)
    }
    case 'local':
      return writeTree(store.tree(image.layers), output.dest, signal)
  }
}

async function pushAll(
  session: Session,
  result: Pick<BuildResult, 'image' | 'absent'>,
  names: readonly string[],
  annotations: Annotations | undefined,
): Promise<StoredImage['manifest']> {
  if (names.length === 0)
    throw new Fault('USAGE', 'nothing says where the image is to be pushed', {
      kind: 'invalid',
      hint: 'name it with --tag HOST/NAME:TAG',
    })
  // A build that pushes nothing loads no network.
  const { pushResult } = await import('./transfer.ts')
  let manifest: StoredImage['manifest'] = null
  for (const name of names) manifest = await pushResult(session, result, name, annotations)
  const left = result.absent.filter(({ id }) => result.image.layers.includes(id)).length
  if (left > 0)
    session.emit({
      ...{ kind: 'notice', level: 'info', code: 'IMAGE_NOT_KEPT' },
      message: `the image is pushed and not kept here: ${left} of its layers were not fetched; jettison pull brings it`,
    })
  return manifest
}

async function* files({ store }: Session, image: StoredImage): ByteStream {
  yield* tarOfTree(store.tree(image.layers))
}
