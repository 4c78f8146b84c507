import { Fault } from '../base/index.ts'
import { engineName } from './docker-engine.ts'
import type { Session } from './session.ts'

/**
 * `run --pull`: `missing` pulls an image that is not here, `always` any, `never` none.
 * @throws Fault USAGE; those of a pull
 */
export async function pullPolicy(session: Session, name: string, policy: string): Promise<void> {
  if (!['missing', 'always', 'never'].includes(policy))
    throw new Fault('USAGE', `invalid --pull policy ${JSON.stringify(policy)}`, {
      kind: 'invalid',
      hint: 'one of: missing, always, never',
    })
  if (engineName(name) !== undefined) return
  const here = session.store.findImage(name) !== undefined
  // What looks like an image ID is no name of a repository.
  const isId = /^(?:sha256:)?[0-9a-f]{12,64}$/.test(name)
  if (isId || policy === 'never' || (policy === 'missing' && here)) return
  session.emit({
    kind: 'notice',
    level: 'info',
    code: 'IMAGE_PULLED',
    message: here ? `pulling ${name}` : `${name} is not here: pulling it`,
  })
  const { pull } = await import('./transfer.ts')
  await pull(session, name)
}
