import { describeFault, isFault } from '../base/index.ts'

/** Does the work for each name and goes on after a fault, as Docker does. @returns 1 when one failed */
export async function forEachName(
  names: readonly string[],
  err: (text: string) => void,
  work: (name: string) => void | Promise<void>,
): Promise<number> {
  let code = 0
  for (const name of names) {
    try {
      await work(name)
    } catch (error) {
      if (!isFault(error)) throw error
      err(`${describeFault(error)}\n`)
      code = 1
    }
  }
  return code
}
