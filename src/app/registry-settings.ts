import { readRegistryFiles } from '../config/index.ts'
import { dockerCredentials, type RegistrySettings } from '../registry/index.ts'
import { readCa } from './read-ca.ts'
import type { Session } from './session.ts'

/** What every registry request needs: credentials, certificates, mirrors, proxies. @throws Fault CONFIG_INVALID, CA_UNREADABLE */
export function registrySettings(session: Pick<Session, 'settings'>): RegistrySettings {
  const { home, dockerConfig, registriesConf } = session.settings
  return {
    ...httpSettings(session),
    ...readRegistryFiles({ etc: '/etc', home, dockerConfig, registriesConf }),
    credentials: dockerCredentials(dockerConfig),
  }
}

/** What any request needs: CA and proxies. @throws Fault CA_UNREADABLE */
export function httpSettings({
  settings,
}: Pick<Session, 'settings'>): Pick<RegistrySettings, 'ca' | 'proxy'> {
  const { proxy } = settings
  const of = (name: string): string | null => proxy[name] ?? proxy[name.toLowerCase()] ?? null
  return {
    ca: readCa(settings)?.toString('utf8'),
    proxy: { http: of('HTTP_PROXY'), https: of('HTTPS_PROXY'), none: of('NO_PROXY') ?? '' },
  }
}
