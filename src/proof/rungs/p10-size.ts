import { formatSize } from '../../base/index.ts'
import type { Finding, Rung, RungInput } from '../rung.ts'

/** P10: lean is smaller than fat, and within the budget when there is one. It judges leanness and not the verdict. */
export const sizeRung: Rung = { id: 'P10', title: 'Size', runs: false, examine: examineSize }

function examineSize({ fat, lean, maxSize }: RungInput): Finding {
  const [before, after] = [fat.subject.size, lean.subject.size]
  const share = before === 0 ? 0 : Math.round((1 - after / before) * 1000) / 10
  const change = `${formatSize(before)} -> ${formatSize(after)} (${share} % smaller)`
  const limit = maxSize === undefined ? '' : `, at most ${formatSize(maxSize)} allowed`
  const fits = after < before && (maxSize === undefined || after <= maxSize)
  return {
    status: fits ? 'pass' : 'fail',
    summary:
      after < before
        ? `${change}${limit}`
        : `lean is not smaller: ${formatSize(before)} -> ${formatSize(after)}`,
    evidence: [
      { message: `uncompressed layers${limit}`, fat: String(before), lean: String(after) },
    ],
    examined: 2,
  }
}
