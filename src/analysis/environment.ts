/** Docker's default for images that set no PATH. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The value of a variable in `KEY=value` lines; the last one counts, as for execve. */
export function variable(env: readonly string[] | undefined, name: string): string | undefined {
  return env?.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** Absolute directories of PATH in order. */
export function searchDirectories(env: readonly string[] | undefined): readonly string[] {
  return [...new Set((variable(env, 'PATH') ?? defaultPath).split(':'))].filter((dir) =>
    dir.startsWith('/'),
  )
}
