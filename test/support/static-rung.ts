import type { ContainerConfig } from '../../src/image/index.ts'
import type { Subject } from '../../src/proof/index.ts'
import type { Finding, Rung } from '../../src/proof/rung.ts'
import { sideOf } from '../../src/proof/side.ts'
import { scriptedRunner, steppedClock } from './scripted-runner.ts'

/** What a static rung finds on two images. */
export async function examined(
  rung: Rung,
  fat: Subject,
  lean: Subject,
  more: {
    readonly bases?: readonly [ContainerConfig, ContainerConfig]
    readonly maxSize?: number
    readonly mutations?: number | 'all'
  } = {},
): Promise<Finding> {
  return rung.examine({
    fat: sideOf(fat),
    lean: sideOf(lean),
    baseConfigs: more.bases ? { fat: more.bases[0], lean: more.bases[1] } : {},
    maxSize: more.maxSize,
    probes: [],
    entrypoints: [],
    mutations: more.mutations ?? 0,
    runner: scriptedRunner({}),
    appRunner: scriptedRunner({}),
    absentServices: [],
    clock: steppedClock(),
    observe: () => Promise.reject(new Error('a static rung runs nothing')),
    signal: undefined,
  })
}

/** The messages of its evidence, one a line. */
export function messages({ evidence }: Finding): string {
  return evidence.map(({ message }) => message).join('\n')
}
