import type { Source } from '../base/index.ts'
import type { BuildContext, BuildRequest, NamedContext } from '../build/index.ts'
import { hostPlatform } from './platform.ts'

/** A request with everything that was not asked for at its default. */
export function buildRequest(
  asked: { readonly dockerfile: Source; readonly context: BuildContext } & Partial<BuildRequest>,
): BuildRequest {
  const now = new Date()
  return {
    namedContexts: new Map<string, NamedContext>(),
    target: null,
    args: {},
    labels: {},
    tags: [],
    platform: hostPlatform(),
    secrets: new Map(),
    noCache: false,
    why: false,
    noCacheStages: [],
    entitlements: [],
    network: 'host',
    addHosts: [],
    now: now.toISOString(),
    epoch: Math.floor(now.getTime() / 1000),
    ...asked,
  }
}
