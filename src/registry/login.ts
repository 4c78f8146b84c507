import { Fault } from '../base/index.ts'
import { withRetries } from '../http/index.ts'
import { answerChallenge } from './auth.ts'
import { eraseWithHelper, storeWithHelper } from './credential-helper.ts'
import {
  configKey,
  type DockerConfig,
  helperFor,
  isKeyOf,
  readDockerConfig,
  writeDockerConfig,
} from './docker-config.ts'
import { type Endpoint, endpointToPush, openRegistryHttp } from './endpoint.ts'
import { answerFault, unreachable } from './fault.ts'
import { chooseBase } from './session.ts'
import type { Credentials, RegistrySettings } from './types.ts'

export type LoginOptions = {
  /** Folder of Docker's `config.json`. */
  readonly configDir: string
  readonly settings: RegistrySettings
  readonly signal?: AbortSignal | undefined
}

/**
 * Shows credentials to a registry and keeps them where Docker does when it takes them: with the credential helper that
 * `config.json` names, else in that file.
 * @returns the helper's name, or null for the file
 * @throws Fault UNAUTHORIZED, REGISTRY_UNREACHABLE, CREDENTIALS_UNWRITABLE, CREDENTIAL_HELPER_FAILED
 */
export async function login(
  registry: string,
  credentials: Credentials,
  options: LoginOptions,
): Promise<string | null> {
  const { configDir, settings, signal } = options
  const endpoint = endpointToPush({ domain: registry, path: '' }, settings)
  try {
    await checkLogin(endpoint, credentials, options)
  } catch (error) {
    throw unreachable(registry, error)
  }
  const config = readDockerConfig(configDir)
  const helper = helperFor(config, registry)
  if (helper) await storeWithHelper(helper, configKey(registry), credentials, signal)
  const rest = withoutLogin(config, registry)
  // With a helper, an empty entry says that there is a login.
  const entry = helper ? {} : entryOf(credentials)
  const auths = { ...rest.auths, [configKey(registry)]: entry }
  writeDockerConfig(configDir, { ...rest, auths })
  return helper ?? null
}

/** @returns whether there was anything to forget @throws Fault CREDENTIALS_UNWRITABLE, CREDENTIAL_HELPER_FAILED */
export async function logout(
  registry: string,
  { configDir, signal }: Omit<LoginOptions, 'settings'>,
): Promise<boolean> {
  const config = readDockerConfig(configDir)
  const helper = helperFor(config, registry)
  if (helper) await eraseWithHelper(helper, configKey(registry), signal)
  const known = Object.keys(config.auths ?? {}).some((key) => isKeyOf(key, registry))
  if (known) writeDockerConfig(configDir, withoutLogin(config, registry))
  return known
}

async function checkLogin(
  endpoint: Endpoint,
  credentials: Credentials,
  { settings, signal }: LoginOptions,
): Promise<void> {
  const { registry } = endpoint
  const http = openRegistryHttp(settings)
  try {
    const base = await withRetries(() => chooseBase(http, endpoint, signal), { signal })
    const url = new URL('v2/', base)
    const greet = (headers: Readonly<Record<string, string>>) =>
      withRetries(() => http.exchange({ method: 'GET', url, headers }, { signal }), { signal })
    const first = await greet({})
    if (first.status === 401) {
      const known = (): Promise<Credentials> => Promise.resolve(credentials)
      const auth = { http, registry, scopes: [], credentials: known, signal }
      const authorization = await answerChallenge(first, auth)
      first.discard()
      if (authorization === null)
        throw new Fault('UNAUTHORIZED', `${registry} does not take a name and password`, {
          hint: 'ask whoever runs it how to log in',
        })
      const second = await greet({ authorization })
      if (second.status !== 401 && second.status !== 200)
        throw await answerFault(second, registry, 'its API')
      second.discard()
      if (second.status === 401)
        throw new Fault('UNAUTHORIZED', `${registry} does not take this name and password`, {
          hint: 'many registries want an access token in place of the password',
        })
    } else if (first.status === 200) first.discard()
    else throw await answerFault(first, registry, 'its API')
  } finally {
    http.close()
  }
}

function withoutLogin(config: DockerConfig, registry: string): DockerConfig {
  const kept = Object.entries(config.auths ?? {}).filter(([key]) => !isKeyOf(key, registry))
  return { ...config, auths: Object.fromEntries(kept) }
}

function entryOf(credentials: Credentials): Readonly<Record<string, unknown>> {
  if (credentials.kind === 'identity-token') return { identitytoken: credentials.token }
  const { username, password } = credentials
  return { auth: Buffer.from(`${username}:${password}`).toString('base64') }
}
