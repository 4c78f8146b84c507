import { explainInImage, type Why, type WhyGroup } from '../analysis/index.ts'
import { Fault } from '../base/index.ts'
import { type BuiltLine, builtLines } from './built-lines.ts'
import { lookInto } from './image-source.ts'
import type { Session } from './session.ts'

type Origins = {
  readonly image: string
  /** How many layers the image has. */
  readonly layerCount: number
  /** The instructions that brought it, lowest layer first. */
  readonly origins: readonly {
    readonly layer: number
    readonly createdBy: string
    /** The line that made it; null for the base's, and where this store does not remember the build. */
    readonly instruction: BuiltLine | null
  }[]
}

/** One thing in an image. */
export type Explained = Why & Origins

/** A category, a layer or a directory of an image. */
export type ExplainedGroup = WhyGroup & Origins

/** @throws Fault IMAGE_NOT_FOUND, NOT_IN_IMAGE */
export async function explainIn(
  session: Session,
  reference: string,
  name: string,
  cwd: string,
): Promise<Explained | ExplainedGroup> {
  const { why, history, lines } = await lookInto(session, reference, cwd, (image) => ({
    why: explainInImage(image, name),
    history: image.config.history,
    lines: builtLines(session, image.id),
  }))
  if (!why)
    throw new Fault(
      'NOT_IN_IMAGE',
      `${reference} has no ${name.startsWith('/') ? 'file' : 'package, category or layer'} ${name}`,
      {
        kind: 'invalid',
        hint: 'a file is written as an absolute path, a layer as `layer 1`; jettison analyze --json lists the packages',
      },
    )
  const makers = history.filter((entry) => entry.empty_layer !== true)
  const origins = why.layers.map((layer) => ({
    layer,
    createdBy: makers[layer]?.created_by ?? '',
    instruction: lines.get(layer) ?? null,
  }))
  return { ...why, image: reference, layerCount: makers.length, origins }
}
