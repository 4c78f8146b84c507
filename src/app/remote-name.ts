import { parseGitReference } from '../build/index.ts'

/** Whether the context argument names a repository or an address. */
export function isRemote(text: string): boolean {
  return parseGitReference(text) !== null || /^https?:\/\//.test(text)
}
