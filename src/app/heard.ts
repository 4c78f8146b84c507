import type { Session } from './session.ts'

/**
 * Lets signals be heard that came while work was done in which nothing else gets its turn.
 * @throws what the session's signal was aborted with
 */
export async function heard({ signal }: Pick<Session, 'signal'>): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}
