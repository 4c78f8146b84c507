/** Probes: what to ask both images. In: texts and configurations. Out: probes; nothing is sent here. */
export {
  candidatesFor,
  discoverProbes,
  exposedPorts,
  healthcheckArgv,
  unique,
} from './discover.ts'
export { type FromOpenApi, fromOpenApi } from './openapi.ts'
export { parseProbe } from './parse.ts'
export { parseProbeFile } from './probe-file.ts'
export { fromReadme } from './readme.ts'
export {
  type CommandProbe,
  type HttpProbe,
  isSafe,
  type Probe,
  type ProbeOrigin,
  probeName,
  type RunProbe,
} from './types.ts'
export { isBareInterpreter, whyVain } from './vain.ts'
