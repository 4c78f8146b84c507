import { type BuildInput, callTarget, checkFile, type Session } from '../app/index.ts'
import { Fault } from '../base/index.ts'
import {
  checkDocument,
  outlineDocument,
  renderOutline,
  renderTargets,
  targetsDocument,
} from '../report/index.ts'
import { lintDocument, lintExitCode, lintText } from './lint-output.ts'
import { printable } from './terminal.ts'

const methods = ['build', 'check', 'outline', 'targets'] as const

/** `--call`: what is to be found out about the build instead of making it. */
export type Call = { readonly method: (typeof methods)[number]; readonly format: 'text' | 'json' }

/** `METHOD[,format=text|json]`; `lint` is check, `--check` is it too. @throws Fault USAGE */
export function readCall(text: string | undefined, check: boolean): Call {
  const [word = 'build', ...options] = (text ?? (check ? 'check' : 'build')).split(',')
  const method = methods.find((known) => known === (word === 'lint' ? 'check' : word))
  const format = options.length === 0 ? 'format=text' : options.join(',')
  if (method === undefined || !/^format=(?:text|json)$/.test(format))
    throw new Fault('USAGE', `--call ${text ?? ''} is not known`, {
      kind: 'invalid',
      hint: `one of ${methods.join(', ')}, with ,format=json if you like`,
    })
  return { method, format: format === 'format=json' ? 'json' : 'text' }
}

type Asked = {
  readonly target: string | null
  readonly args: Readonly<Record<string, string>>
  /** `--json`. */
  readonly json: boolean
}

/** Answers the call. @returns text for stdout and the exit code */
export function answerCall(
  session: Session,
  input: BuildInput,
  { method, format }: Call,
  asked: Asked,
): { readonly text: string; readonly exitCode: number } {
  const { dockerfile, ignoreFile, root } = input
  const json = format === 'json' || asked.json
  const print = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`
  if (method === 'check') {
    const where = { path: root, cwd: root, dockerfile, ignoreFile, args: asked.args }
    // Without a target, every stage is looked at (BuildKit's lint).
    const target = asked.target === null ? {} : { target: asked.target }
    const linted = checkFile(session, { ...where, ...target })
    const text =
      format === 'json'
        ? print(checkDocument(dockerfile, linted.result))
        : asked.json
          ? print(lintDocument(linted))
          : lintText(linted)
    return { text, exitCode: lintExitCode(linted) }
  }
  const call = callTarget(dockerfile, asked)
  if (method === 'targets') {
    const targets = call.targets()
    const text = json
      ? print(targetsDocument(dockerfile, targets))
      : printable(renderTargets(targets))
    return { text, exitCode: 0 }
  }
  const outline = call.outline()
  const text = json
    ? print(outlineDocument(dockerfile, outline))
    : printable(renderOutline(outline))
  return { text, exitCode: 0 }
}
