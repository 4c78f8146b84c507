import type { Rule } from '../types.ts'
import { type FinalBase, finalBase } from './base-image.ts'

/** S17: the image that builds is also the image that runs. */
export const sdkInFinalStage: Rule = {
  id: 'SdkInFinalStage',
  description: 'An SDK builds the app; the final image needs only its runtime',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    const base = finalBase(facts)
    const instead = base && runtimeOf(base)
    if (!base || instead === null) return
    yield {
      message: `${base.reference} is an SDK; ${instead}`,
      instruction: base.stage.stage.from,
      range: base.stage.stage.from.image.range,
    }
  },
}

function runtimeOf({ repository, tag }: FinalBase): string | null {
  switch (repository) {
    case 'golang':
      return 'a Go program runs on scratch or debian:*-slim'
    case 'rust':
      return 'a Rust program runs on debian:*-slim of the same suite'
    case 'gcc':
      return 'a compiled program runs on debian:*-slim of the same suite'
    case 'maven':
    case 'gradle':
      return 'a JAR runs on a JRE such as eclipse-temurin:*-jre'
    case 'openjdk':
    case 'eclipse-temurin':
    case 'amazoncorretto':
      return /jre/.test(tag) ? null : 'a JAR runs on a JRE such as eclipse-temurin:*-jre'
    case 'mcr.microsoft.com/dotnet/sdk':
      return 'the app runs on mcr.microsoft.com/dotnet/aspnet or runtime'
    case 'nvidia/cuda':
      return tag.includes('devel') ? 'the app runs on the runtime or base variant' : null
    default:
      return null
  }
}
