import type { Range } from '../../base/index.ts'
import type { ExposeInstruction } from '../../dockerfile/index.ts'
import type { LintFacts } from '../facts/index.ts'
import { type Port, splitPort } from './port.ts'

export type ExposedPort = {
  readonly instruction: ExposeInstruction
  readonly text: string
  /** Where it is written, null when a variable made it. */
  readonly range: Range | null
  readonly port: Port
}

/** Every port of every EXPOSE, expanded; what the build refuses is left out. */
export function* exposedPorts({ visible }: LintFacts): Iterable<ExposedPort> {
  for (const { instruction, words } of visible.flatMap(({ instructions }) => instructions)) {
    if (instruction.kind !== 'expose') continue
    const free = [...instruction.ports]
    for (const text of words) {
      const port = splitPort(text)
      if (!port) continue
      const at = free.findIndex((word) => word.text === text)
      const range = at < 0 ? null : (free.splice(at, 1)[0]?.range ?? null)
      yield { instruction, text, range, port }
    }
  }
}
