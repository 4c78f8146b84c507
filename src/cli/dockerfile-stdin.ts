import { Fault, type Source } from '../base/index.ts'

const most = 10 * 1024 * 1024

export type Named = {
  /** A folder; null for the empty context of `build -`. */
  readonly path: string | null
  readonly file: string | undefined
  /** Text that came from standard input. */
  readonly dockerfile: Source | undefined
}

/**
 * `build -f - PATH` has the Dockerfile on standard input; `build -` has it there and no context.
 * @throws Fault USAGE, STDIN_NOT_A_DOCKERFILE
 */
export async function dockerfileOf(
  path: string,
  file: string | undefined,
  stdin: AsyncIterable<Uint8Array>,
): Promise<Named> {
  if (path !== '-' && file !== '-') return { path, file, dockerfile: undefined }
  if (path === '-' && file !== undefined)
    throw new Fault(
      'USAGE',
      "can't use standard input for the build context, with a Dockerfile in it",
      {
        kind: 'invalid',
        hint: 'unpack the archive and give its folder; `build -` reads a Dockerfile',
      },
    )
  const dockerfile = { name: 'Dockerfile (stdin)', text: await readText(stdin) }
  return { path: path === '-' ? null : path, file: undefined, dockerfile }
}

async function readText(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stdin) {
    parts.push(part)
    size += part.length
    if (size > most) throw notText('is larger than 10 MB')
  }
  const bytes = Buffer.concat(parts)
  // A gzip stream, or the NULs of a tar header.
  if (bytes.includes(0) || (bytes[0] === 0x1f && bytes[1] === 0x8b)) throw notText('is an archive')
  return bytes.toString('utf8')
}

function notText(why: string): Fault {
  return new Fault(
    'STDIN_NOT_A_DOCKERFILE',
    `what came on standard input ${why}, not a Dockerfile`,
    {
      kind: 'invalid',
      hint: 'unpack a context archive and give its folder',
    },
  )
}
