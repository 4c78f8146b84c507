/**
 * BuildKit: builds that another program does, through Docker's client or buildctl.
 * In: a context and a Dockerfile as files. Out: an image in a Docker Engine, or an archive.
 */
export type { OutsideBuild, StepCounts } from './ask.ts'
export { buildWithBuildctl } from './buildctl.ts'
export { buildWithDocker } from './docker.ts'
