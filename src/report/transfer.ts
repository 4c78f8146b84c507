import type { MeasuredTransfer, TransferEstimate } from './document.ts'

export const defaultAssumptions: TransferEstimate['assumptions'] = {
  megabitsPerSecond: 100,
  compressionRatio: 0.4,
  transfersPerRun: 2,
}

/**
 * Seconds that a CI run spends on moving every layer of an image: compressed bytes × transfers ÷ bandwidth. An
 * estimate, and marked as one wherever it is shown.
 * @param sizes uncompressed bytes
 */
export function estimateTransfer(
  sizes: { readonly fat: number; readonly lean: number },
  assumptions: TransferEstimate['assumptions'] = defaultAssumptions,
  measured: MeasuredTransfer | null = null,
): TransferEstimate {
  const seconds = (bytes: number): number =>
    (bytes * assumptions.compressionRatio * assumptions.transfersPerRun * 8) /
    (assumptions.megabitsPerSecond * 1e6)
  return {
    assumptions,
    fatSeconds: seconds(sizes.fat),
    leanSeconds: seconds(sizes.lean),
    measured,
  }
}
