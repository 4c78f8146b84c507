import type { Reasoned } from '../suites/types.ts'

/** Gotchas of conformance.md §10 that no build here can show. */
export const notApplicable: readonly Reasoned[] = [
  { case: 'gotcha 66', reason: 'a sparse file of 8 GB: sizes are tested where tars are written' },
  { case: 'gotcha 81', reason: 'times of /dev, /proc, /sys and /etc: no time is compared' },
  { case: 'gotcha 104', reason: 'docker commit: there is no such command' },
  { case: 'gotcha 114', reason: 'names in an OCI layout: tested where images are saved' },
]
