import type { Source } from '../base/index.ts'
import { listTargets, type Outline, outline, type TargetInfo } from '../build/index.ts'
import { hostPlatform } from './platform.ts'

/** What `build --call` asks of a Dockerfile. @throws Fault for one that does not parse */
export function callTarget(
  dockerfile: Source,
  asked: { readonly target: string | null; readonly args: Readonly<Record<string, string>> },
): { readonly outline: () => Outline; readonly targets: () => readonly TargetInfo[] } {
  return {
    outline: () => outline({ dockerfile, ...asked, platform: hostPlatform() }),
    targets: () => listTargets(dockerfile),
  }
}
