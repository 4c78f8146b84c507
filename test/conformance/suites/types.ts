/** One case with the reason why it is not counted as passed. */
export type Reasoned = { readonly case: string; readonly reason: string }

/** The outcome of one suite, as `npm run conformance -- --json` prints it. */
export type SuiteResult = {
  readonly name: string
  readonly cases: number
  readonly pass: number
  readonly differ: readonly Reasoned[]
  readonly notApplicable: readonly Reasoned[]
}

/** A check that needs no build: null when it passes, else what is wrong. */
export type TableCheck = { readonly name: string; readonly check: () => string | null }

export function runTable(name: string, checks: readonly TableCheck[]): SuiteResult {
  const differ = checks.flatMap((item) => {
    const reason = item.check()
    return reason === null ? [] : [{ case: item.name, reason }]
  })
  const { length } = checks
  return { name, cases: length, pass: length - differ.length, differ, notApplicable: [] }
}
