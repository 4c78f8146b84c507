import type { BuildRequest, BuildResult, StepAccount } from '../build/index.ts'
import type { Store } from '../store/index.ts'

/** Runs a build and remembers what it decided of each step, for `explain`; of one that fails too. */
export async function recorded(
  store: Pick<Store, 'putBuild'>,
  about: {
    readonly request: Pick<BuildRequest, 'target' | 'tags' | 'now'>
    /** Absolute path of the Dockerfile. */
    readonly dockerfile: string
  },
  run: (note: (account: StepAccount) => void) => Promise<BuildResult>,
): Promise<BuildResult> {
  const steps: StepAccount[] = []
  let image: BuildResult['image']['id'] | null = null
  try {
    const result = await run((account) => steps.push(account))
    image = result.image.id
    return result
  } finally {
    const { target, tags, now } = about.request
    keep(store, { dockerfile: about.dockerfile, target, tags, started: now, image, steps })
  }
}

/** A build is none the worse when it cannot be explained; a full disk has been told of by then. */
function keep(store: Pick<Store, 'putBuild'>, account: Parameters<Store['putBuild']>[0]): void {
  if (account.steps.length === 0) return
  try {
    store.putBuild(account)
  } catch {}
}
