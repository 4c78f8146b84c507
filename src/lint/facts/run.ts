import {
  type Dockerfile,
  parseMountFlag,
  type RunInstruction,
  runBody,
} from '../../dockerfile/index.ts'
import { packageCommands, parseShell } from '../../shell/index.ts'
import type { RunFacts } from './types.ts'

/** The commands of a RUN; null for the exec form and for what the shell parser does not understand. */
export function runFacts(dockerfile: Dockerfile, instruction: RunInstruction): RunFacts | null {
  const body = runBody(dockerfile, instruction)
  if (!body) return null
  const script = parseShell(body.text)
  if (script.diagnostics.length > 0) return null
  return {
    instruction,
    script,
    packages: packageCommands(script),
    place: ({ start, end }) => ({ start: start + body.offset, end: end + body.offset }),
    cacheMounts: instruction.flags.flatMap(({ name, value }) => {
      if (name !== 'mount' || value === null) return []
      const mount = parseMountFlag(value).value
      return mount.type === 'cache' && mount.target !== null ? [mount.target] : []
    }),
  }
}
