import { isFault } from '../base/index.ts'
import type { BuildResult, StoredImage } from '../build/index.ts'
import { parseDockerfile } from '../dockerfile/index.ts'
import {
  gatherFacts,
  leanBaseReference,
  type Plan,
  type Planned,
  planSlim,
  rewriteDockerfile,
} from '../slim/index.ts'
import { contextFiles } from './context-files.ts'
import type { Project } from './project.ts'
import type { Session } from './session.ts'
import { packagesOf } from './subject.ts'

/**
 * Plans the split of a project whose fat image is built: text, image and lean base in, a plan or a refusal out.
 * @param probed whether the user gave a probe; absent where nothing will be proved
 */
export async function plan(
  session: Session,
  project: Project,
  fat: Pick<BuildResult, 'image' | 'baseLayers'>,
  args: Readonly<Record<string, string>> = {},
  probed?: boolean,
): Promise<Planned> {
  const fatTree = session.store.tree(fat.image.layers)
  const fatDb = packagesOf(fatTree)
  if (!fatDb)
    return {
      kind: 'refusal',
      refusal: {
        code: 'unsupported-base',
        message: 'the fat image has no package database that jettison reads',
        details: ['dpkg and apk are read today'],
      },
    }
  const facts = gatherFacts({
    dockerfile: parseDockerfile(project.dockerfile.text).value,
    fat: { tree: fatTree, config: fat.image.config },
    base: { layers: fat.baseLayers },
    context: contextFiles(project.context),
    args,
  })
  const reference = leanBaseReference({ facts, fatTree, fatDb })
  const leanBase = reference === undefined ? undefined : await findLeanBase(session, reference)
  return planSlim({
    ...{ facts, fatTree, fatDb },
    ...(probed === undefined ? {} : { probed }),
    ...(leanBase
      ? { leanBaseTree: session.store.tree(leanBase.layers), leanBaseConfig: leanBase.config }
      : {}),
  })
}

/** The lean Dockerfile of a plan; the same input gives the same bytes. */
export function rewrite(dockerfile: string, planned: Plan): string {
  return rewriteDockerfile(parseDockerfile(dockerfile).value, planned)
}

/** A base that cannot be had is no error yet: the plan may refuse for another reason, and the build will say it. */
async function findLeanBase(session: Session, reference: string): Promise<StoredImage | undefined> {
  try {
    return await session.bases.resolve(reference, {
      step: `base ${reference}`,
      emit: session.emit,
      signal: session.signal,
    })
  } catch (error) {
    if (isFault(error) && error.code === 'BASE_NOT_FOUND') return undefined
    throw error
  }
}
