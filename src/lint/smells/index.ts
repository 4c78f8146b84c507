import type { Rule } from '../types.ts'
import { archiveKept } from './archive-kept.ts'
import { buildToolsInFinalStage } from './build-tools-in-final-stage.ts'
import { debugToolsInFinalStage } from './debug-tools-in-final-stage.ts'
import { deletedInLaterLayer } from './deleted-in-later-layer.ts'
import { devDependenciesInFinalStage } from './dev-dependencies-in-final-stage.ts'
import { devPackagesInFinalStage } from './dev-packages-in-final-stage.ts'
import { filesStoredTwice } from './files-stored-twice.ts'
import { fullBaseImage } from './full-base-image.ts'
import { healthcheckNeedsDownloader } from './healthcheck-needs-downloader.ts'
import { heavyRecommends } from './heavy-recommends.ts'
import { ownerChangedInLaterLayer } from './owner-changed-in-later-layer.ts'
import { packageCacheKept } from './package-cache-kept.ts'
import { packageListsKept } from './package-lists-kept.ts'
import { recommendsInstalled } from './recommends-installed.ts'
import { sdkInFinalStage } from './sdk-in-final-stage.ts'
import { secondRuntimeForBuild } from './second-runtime-for-build.ts'
import { secretFileCopied } from './secret-file-copied.ts'
import { suiteSkew } from './suite-skew.ts'
import { unpinnedBaseImage } from './unpinned-base-image.ts'
import { vcsDirectoryKept } from './vcs-directory-kept.ts'
import { wholeContextCopied } from './whole-context-copied.ts'

/** What makes an image fatter than it need be, as far as the text of a Dockerfile shows it. */
export const smells: readonly Rule[] = [
  fullBaseImage,
  sdkInFinalStage,
  unpinnedBaseImage,
  suiteSkew,
  buildToolsInFinalStage,
  devPackagesInFinalStage,
  debugToolsInFinalStage,
  recommendsInstalled,
  heavyRecommends,
  packageListsKept,
  packageCacheKept,
  devDependenciesInFinalStage,
  secondRuntimeForBuild,
  vcsDirectoryKept,
  archiveKept,
  deletedInLaterLayer,
  ownerChangedInLaterLayer,
  filesStoredTwice,
  wholeContextCopied,
  secretFileCopied,
  healthcheckNeedsDownloader,
]
