import type { GateInput, Policy, PolicyResult } from '../types.ts'
import { forbiddenPackages } from './forbidden-packages.ts'
import { httpProbe } from './http-probe.ts'
import { imageSize } from './image-size.ts'
import { minStages } from './min-stages.ts'
import { runtimeBase } from './runtime-base.ts'

/** The explicit list of policies: one file and one line each. */
export function judge(policy: Policy, input: GateInput): PolicyResult {
  switch (policy.id) {
    case 'min-stages':
      return minStages(policy, input)
    case 'image-size':
      return imageSize(policy, input)
    case 'http-probe':
      return httpProbe(policy, input)
    case 'forbidden-packages':
      return forbiddenPackages(policy, input)
    case 'runtime-base':
      return runtimeBase(policy, input)
    default:
      return policy satisfies never
  }
}
