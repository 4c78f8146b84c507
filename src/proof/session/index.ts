/** Session: both images running side by side. In: a ContainerRunner and probes. Out: what was seen of each. */
export type { ProbeOutcome } from './ask.ts'
export { hintsFrom, lastLines } from './hints.ts'
export { describeLaunch, type Launched } from './launch.ts'
export { newSigns, signOf } from './log-signs.ts'
export { type Observation, observe, type SideSeen } from './observe.ts'
export { defaultTiming, type Timing, timingUnder } from './timing.ts'
