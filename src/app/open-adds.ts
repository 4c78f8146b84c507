import type { Adds } from '../context/index.ts'
import type { Session } from './session.ts'

/** What ADD, and a context that is not on this disk, are read with; `close` removes what they left. */
export async function openSessionAdds(session: Session): Promise<Adds> {
  const { openAdds } = await import('../context/index.ts')
  const { httpSettings } = await import('./registry-settings.ts')
  // A workspace belongs to this process: what sweeps up after dead ones leaves it alone.
  const workspace = session.store.workspace('add')
  const adds = openAdds({ workDir: workspace.dir, http: httpSettings(session) })
  const close = (): void => {
    adds.close()
    workspace.remove()
  }
  return { ...adds, close }
}
