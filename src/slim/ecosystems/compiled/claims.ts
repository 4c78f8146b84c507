import { compiledLanguages } from '../../../analysis/index.ts'
import { parseBase } from '../../bases/index.ts'
import type { RunCommand, StageFacts } from '../../facts/index.ts'
import type { ProjectInput } from '../../types.ts'
import type { Claim } from '../types.ts'
import { artifactsOf } from './artifacts.ts'
import type { Language } from './language.ts'

/** A project is of a language when its tools run in the build and what the image starts was made by its compiler. */
export function claimFor(input: ProjectInput, language: Language): Claim | null {
  const stage = input.facts.stages.at(-1)
  if (!stage) return null
  const builds = buildLine(stage, language)
  const { started, programs } = artifactsOf(input)
  const direct = started.find(({ name, arguments: words }) =>
    language.whenRun.command.test([baseName(name), ...words].join(' ')),
  )
  if (direct) return { confidence: 1, because: `the image starts ${direct.name}` }
  const isBase = language.bases.test(parseBase(stage.reference).image)
  if (builds === undefined && !isBase) return null
  const made = programs.find((path) => language.made(input.fatTree, path))
  const tools = builds === undefined ? `the base is ${stage.reference}` : `a RUN calls ${builds}`
  if (made === undefined) return builds === undefined ? null : { confidence: 0.3, because: tools }
  return {
    confidence: builds === undefined ? 0.8 : 1,
    because: `${tools} and the image starts ${made}`,
  }
}

/** The first command of the stage that compiles the language, in scripts that it calls too. */
function buildLine(stage: StageFacts, { what }: Language): string | undefined {
  const by = compiledLanguages.find((one) => one.what === what)?.by
  return flat(stage.instructions.flatMap(({ run }) => run?.commands ?? []))
    .map(lineOf)
    .find((line) => by?.test(line))
}

/** A command with its program without a folder. */
export function lineOf({ words }: RunCommand): string {
  const [name = '', ...rest] = words.map(({ value, text }) => value ?? text)
  return [baseName(name), ...rest].join(' ')
}

/** Commands with those of the scripts that they run. */
export function flat(commands: readonly RunCommand[]): readonly RunCommand[] {
  return commands.flatMap((one) => [one, ...flat(one.inner)])
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
