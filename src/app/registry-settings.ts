import { readFileSync } from 'node:fs'
import { dockerCredentials, type RegistrySettings } from '../registry/index.ts'
import type { Session } from './session.ts'

/** What every registry request needs: credentials, CA, proxies. */
export function registrySettings({ settings }: Pick<Session, 'settings'>): RegistrySettings {
  const { proxy } = settings
  const of = (name: string): string | null => proxy[name] ?? proxy[name.toLowerCase()] ?? null
  return {
    ca: settings.ca === null ? undefined : readFileSync(settings.ca, 'utf8'),
    proxy: { http: of('HTTP_PROXY'), https: of('HTTPS_PROXY'), none: of('NO_PROXY') ?? '' },
    credentials: dockerCredentials(settings.dockerConfig),
  }
}
