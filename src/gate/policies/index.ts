import {
  maxBallast,
  noBuildTools,
  noDebugTools,
  noDevDependencies,
  noDevHeaders,
  noDocs,
  noPackageCache,
  noTests,
  noVcsData,
} from './ballast.ts'
import { baseImage } from './base-image.ts'
import { boots } from './boots.ts'
import { files, metadata, user } from './configuration.ts'
import { dockerignore } from './context-clutter.ts'
import { copyOrder } from './copy-order.ts'
import { noDuplicates } from './duplicates.ts'
import { forbiddenPackages } from './forbidden-packages.ts'
import { maxGrowth } from './growth.ts'
import { healthcheck } from './healthcheck.ts'
import { httpProbe } from './http-probe.ts'
import { imageSize } from './image-size.ts'
import { maxLayerSize, maxLayers, noMetadataCopies, noWastedBytes } from './layers.ts'
import { minStages } from './min-stages.ts'
import { parity } from './parity.ts'
import { runtimeBase } from './runtime-base.ts'
import { noSecrets } from './secrets.ts'

export { probeTarget } from './http-probe.ts'

/** The list of policies by id, for the types of their options. */
export type PolicyKinds = {
  readonly 'min-stages': typeof minStages
  readonly 'image-size': typeof imageSize
  readonly 'http-probe': typeof httpProbe
  readonly 'forbidden-packages': typeof forbiddenPackages
  readonly 'runtime-base': typeof runtimeBase
  readonly 'max-growth': typeof maxGrowth
  readonly 'max-layers': typeof maxLayers
  readonly 'max-layer-size': typeof maxLayerSize
  readonly 'max-ballast': typeof maxBallast
  readonly 'no-build-tools': typeof noBuildTools
  readonly 'no-dev-headers': typeof noDevHeaders
  readonly 'no-package-cache': typeof noPackageCache
  readonly 'no-vcs-data': typeof noVcsData
  readonly 'no-docs': typeof noDocs
  readonly 'no-debug-tools': typeof noDebugTools
  readonly 'no-wasted-bytes': typeof noWastedBytes
  readonly 'no-metadata-copies': typeof noMetadataCopies
  readonly 'base-image': typeof baseImage
  readonly user: typeof user
  readonly files: typeof files
  readonly metadata: typeof metadata
  readonly 'no-secrets': typeof noSecrets
  readonly 'no-tests': typeof noTests
  readonly 'no-dev-dependencies': typeof noDevDependencies
  readonly 'no-duplicates': typeof noDuplicates
  readonly dockerignore: typeof dockerignore
  readonly 'copy-order': typeof copyOrder
  readonly parity: typeof parity
  readonly boots: typeof boots
  readonly healthcheck: typeof healthcheck
}

/** The explicit list of policies: one place and one line each. */
export const policyKinds: PolicyKinds = {
  'min-stages': minStages,
  'image-size': imageSize,
  'http-probe': httpProbe,
  'forbidden-packages': forbiddenPackages,
  'runtime-base': runtimeBase,
  'max-growth': maxGrowth,
  'max-layers': maxLayers,
  'max-layer-size': maxLayerSize,
  'max-ballast': maxBallast,
  'no-build-tools': noBuildTools,
  'no-dev-headers': noDevHeaders,
  'no-package-cache': noPackageCache,
  'no-vcs-data': noVcsData,
  'no-docs': noDocs,
  'no-debug-tools': noDebugTools,
  'no-wasted-bytes': noWastedBytes,
  'no-metadata-copies': noMetadataCopies,
  'base-image': baseImage,
  user,
  files,
  metadata,
  'no-secrets': noSecrets,
  'no-tests': noTests,
  'no-dev-dependencies': noDevDependencies,
  'no-duplicates': noDuplicates,
  dockerignore,
  'copy-order': copyOrder,
  parity,
  boots,
  healthcheck,
}
