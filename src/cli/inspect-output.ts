import { forEachName } from './each.ts'
import { formatRow } from './template/index.ts'

type Described = Readonly<Record<string, unknown>>

/** `inspect` of several names: an array of all that were found, or `--format` of each. @returns the exit code */
export async function inspectAll(
  names: readonly string[],
  describe: (name: string) => Promise<Described>,
  {
    format,
    out,
    err,
  }: {
    readonly format: string | undefined
    readonly out: (text: string) => void
    readonly err: (text: string) => void
  },
): Promise<number> {
  const found: Described[] = []
  const code = await forEachName(names, err, async (name) => void found.push(await describe(name)))
  if (format) out(found.map((row) => `${formatRow(format, row)}\n`).join(''))
  else out(`${JSON.stringify(found, null, 4)}\n`)
  return code
}
