import { formatSize } from '../../base/index.ts'
import type { PolicyKind } from '../define.ts'

/** The image beside the baseline. Both limits have to be passed when both are given. */
export const maxGrowth: PolicyKind<{ readonly max: 'size?'; readonly percent: 'percent?' }> = {
  options: { max: 'size?', percent: 'percent?' },
  why: 'growth is cheapest to undo in the change that made it',
  fix: 'jettison compare BASELINE IMAGE says what came; jettison check --update-baseline accepts it',
  slimFixes: false,
  needsBaseline: true,
  judge: ({ max, percent }, { image, baseline }) => {
    const limits = [
      ...(max === null ? [] : [formatSize(max)]),
      ...(percent === null ? [] : [`${percent} %`]),
    ]
    const limit = limits.join(' and ') || 'nothing'
    const common = { title: `grows by at most ${limit}`, allowed: limit }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    if (!baseline) return { ...common, status: 'skip', found: 'no baseline', items: [] }
    const grown = image.size - baseline.size
    const over = grown > (max ?? 0) && (percent === null || grown * 100 > percent * baseline.size)
    return {
      ...common,
      status: over ? 'fail' : 'pass',
      found: `${grown < 0 ? '-' : '+'}${formatSize(Math.abs(grown))} (${grown < 0 ? '-' : '+'}${percentOf(Math.abs(grown), baseline.size)} %)`,
      items: [
        {
          what: `${baseline.reference} ${formatSize(baseline.size)} -> ${image.reference} ${formatSize(image.size)}`,
          bytes: Math.max(0, grown),
        },
      ],
    }
  },
}

function percentOf(part: number, whole: number): string {
  return whole === 0 ? '100' : ((part * 100) / whole).toFixed(1)
}
