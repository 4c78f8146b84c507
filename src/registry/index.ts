/**
 * Registry: images over the distribution API. In: references, credentials, a store. Out: images in the store, or on
 * the registry; everything received is compared with its digest before it can be seen.
 */
export { type OpenCache, openRegistryCache, pushCache } from './cache.ts'
export type { CacheDocument } from './cache-document.ts'
export { openCacheLayout, writeCacheLayout } from './cache-layout.ts'
export { dockerCredentials } from './credentials.ts'
export { baseNotFound } from './fault.ts'
export { importLayout, type LayoutReference, parseLayoutReference } from './layout.ts'
export { type LoginOptions, login, logout } from './login.ts'
export { type Ping, pingRegistry } from './ping.ts'
export { findRemoteImage, type PullOptions, pullImage, type RemoteImage } from './pull.ts'
export { pushImage } from './push.ts'
export type { PushOptions } from './push-layers.ts'
export type {
  Compression,
  CredentialSource,
  Credentials,
  PullStore,
  PushStore,
  RegistryRule,
  RegistrySettings,
} from './types.ts'
