import { login, logout } from '../registry/index.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'

type Wanted = {
  readonly server: string | undefined
  readonly username: string
  readonly password: string
}

/** `docker login`. @returns where it is kept @throws Fault UNAUTHORIZED, REGISTRY_UNREACHABLE */
export async function logIn(
  session: Pick<Session, 'settings' | 'signal'>,
  { server, username, password }: Wanted,
): Promise<{ readonly registry: string; readonly helper: string | null }> {
  const registry = registryName(server)
  const helper = await login(
    registry,
    { kind: 'password', username, password },
    {
      configDir: session.settings.dockerConfig,
      settings: registrySettings(session),
      signal: session.signal,
    },
  )
  return { registry, helper }
}

/** `docker logout`. @returns whether there was a login */
export async function logOut(
  session: Pick<Session, 'settings' | 'signal'>,
  server: string | undefined,
): Promise<{ readonly registry: string; readonly known: boolean }> {
  const registry = registryName(server)
  const options = { configDir: session.settings.dockerConfig, signal: session.signal }
  return { registry, known: await logout(registry, options) }
}

/** As people write it: nothing for Docker Hub, a host, or an address whose host counts. */
function registryName(server: string | undefined): string {
  const host = (server ?? 'docker.io').replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  return ['index.docker.io', 'registry-1.docker.io', 'hub.docker.com'].includes(host)
    ? 'docker.io'
    : host
}
