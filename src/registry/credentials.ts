import { askHelper } from './credential-helper.ts'
import {
  configKey,
  type DockerConfig,
  helperFor,
  isKeyOf,
  readDockerConfig,
} from './docker-config.ts'
import type { CredentialSource, Credentials } from './types.ts'

/**
 * Docker's own logins: `config.json` in `configDir` (`~/.docker`), with its credential helpers. The file is read at the
 * first question; a missing one means that there are none. A helper is asked each time, for what it gives expires.
 * @throws Fault CREDENTIALS_INVALID, CREDENTIAL_HELPER_FAILED
 */
export function dockerCredentials(configDir: string): CredentialSource {
  let config: DockerConfig | undefined
  return async (host, signal) => {
    config ??= readDockerConfig(configDir)
    const helper = helperFor(config, host)
    const found = helper && (await askHelper(helper, configKey(host), signal))
    return found || fromAuths(config.auths ?? {}, host)
  }
}

function fromAuths(
  auths: NonNullable<DockerConfig['auths']>,
  host: string,
): Credentials | undefined {
  const entry = Object.entries(auths).find(([key]) => isKeyOf(key, host))?.[1]
  if (!entry) return undefined
  const { identitytoken, auth, username, password } = entry
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { kind: 'identity-token', token: identitytoken }
  if (typeof auth === 'string' && auth !== '') return fromPair(auth)
  if (typeof username === 'string' && typeof password === 'string')
    return { kind: 'password', username, password }
  return undefined
}

/** Base64 of `name:password`, which Docker once padded with zero bytes. */
function fromPair(auth: string): Credentials | undefined {
  const pair = Buffer.from(auth, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  if (colon < 0) return undefined
  const password = pair.slice(colon + 1).replace(/\0+$/, '')
  return { kind: 'password', username: pair.slice(0, colon), password }
}
