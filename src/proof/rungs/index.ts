/** Rungs: the ladder as a list of plain objects, in its order. A new rung is one file and one line here. */
import type { Rung } from '../rung.ts'
import { fatProbeRung } from './p0-fat-probe.ts'
import { configRung } from './p1-config.ts'
import { filesRung } from './p2-files.ts'
import { elfRung } from './p3-elf.ts'
import { dependenciesRung } from './p4-dependencies.ts'
import { importsRung } from './p5-imports.ts'
import { negativeRung } from './p6-negative.ts'
import { probesRung } from './p7-probes.ts'
import { entrypointsRung } from './p8-entrypoints.ts'
import { mutationRung } from './p9-mutations.ts'
import { sizeRung } from './p10-size.ts'

export const rungs: readonly Rung[] = [
  fatProbeRung,
  configRung,
  filesRung,
  elfRung,
  dependenciesRung,
  importsRung,
  negativeRung,
  probesRung,
  entrypointsRung,
  mutationRung,
  sizeRung,
]
