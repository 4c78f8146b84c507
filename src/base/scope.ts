/** Releases what was acquired, in reverse order, also when the work fails or is aborted. */
export class Scope implements AsyncDisposable {
  readonly #releases: (() => void | Promise<void>)[] = []

  /** Registers a release; returns the resource for inline use. */
  add<T>(resource: T, release: (resource: T) => void | Promise<void>): T {
    this.#releases.push(() => release(resource))
    return resource
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (const release of this.#releases.splice(0).reverse()) {
      try {
        await release()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1) throw new AggregateError(failures, 'several releases failed')
  }
}

/** Runs `work` with a scope that is released whatever happens. */
export async function withScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope()
  try {
    return await work(scope)
  } finally {
    await scope[Symbol.asyncDispose]()
  }
}
