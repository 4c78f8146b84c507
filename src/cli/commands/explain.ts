import {
  type BuildMisses,
  explainCode,
  explainIn,
  explainMisses,
  type MissedStep,
  nameFrom,
  type Session,
} from '../../app/index.ts'
import { Fault, isFault } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { outView } from '../out-view.ts'
import { sourceFlag } from '../source-flag.ts'
import { fitWidth } from '../table.ts'
import { printable } from '../terminal.ts'
import { ago } from '../times.ts'
import { whyText } from '../why-text.ts'

export const command: Command = {
  spec: {
    name: 'explain',
    usage: '[OPTIONS] CODE | CACHE_MISS [LINE | STEP] | FILE | PACKAGE | CATEGORY | LAYER',
    summary:
      'Show the page of an error code, a rung (P0 to P10), a policy, a refusal or a lint rule;\nCACHE_MISS also says why the steps of the last build ran;\nwith --in IMAGE: why a file, a package, a category or a layer is in the image, what needs it, what\nit takes to be rid of it',
    args: { min: 1, max: 2 },
    flags: [
      {
        long: 'build',
        kind: 'string',
        value: 'TAG',
        help: 'With CACHE_MISS: the build that made this image, instead of the last one',
      },
      {
        long: 'in',
        kind: 'string',
        value: 'IMAGE',
        help: 'Explain an absolute path, a package, a category or a layer (`layer 3`) of this image',
      },
      sourceFlag,
    ],
  },
  async run({ flags, session, out, json, cwd, settings }) {
    const [code = '', step] = flags.positional
    const given = flags.text('in')
    if (given !== undefined) {
      const image = nameFrom(flags.text('source'), given)
      const name = flags.positional.join(' ')
      const explained = await explainIn(await session(), image, name, cwd)
      out(
        json
          ? `${JSON.stringify(explained, null, 2)}\n`
          : fitWidth(printable(whyText(explained)), outView(settings).width),
      )
      return 0
    }
    const build = flags.text('build')
    const ofBuild = code.toUpperCase() === 'CACHE_MISS'
    if (!ofBuild && (step ?? build) !== undefined)
      throw new Fault('USAGE', `a page has no ${step === undefined ? '--build' : `part ${step}`}`, {
        kind: 'invalid',
        hint: 'a line or step, and --build, go with CACHE_MISS only',
      })
    const specific = (step ?? build) !== undefined
    const misses = ofBuild ? missesOf(await session(), { step, build }) : undefined
    const text = specific ? undefined : explainCode(code)
    if (json) out(`${JSON.stringify({ code, text, build: misses }, null, 2)}\n`)
    else out([text, misses && printable(missesText(misses, specific))].filter(Boolean).join('\n\n'))
    if (!json) out('\n')
    return 0
  },
}

/** The page is there without any build; what was asked for by name has to be. */
function missesOf(
  session: Session,
  asked: { readonly step: string | undefined; readonly build: string | undefined },
): BuildMisses | undefined {
  try {
    return explainMisses(session, asked)
  } catch (error) {
    const unasked = asked.step === undefined && asked.build === undefined
    if (unasked && isFault(error) && error.code === 'BUILD_UNRECORDED') return undefined
    throw error
  }
}

function missesText(misses: BuildMisses, whole: boolean): string {
  const { dockerfile, tags, started, image, cached, ran, steps } = misses
  const names = tags.length > 0 ? ` (${tags.join(', ')})` : ''
  const head = `The build of ${dockerfile}${names}, ${ago(started, Date.now()).toLowerCase()}${image ? '' : ', failed'}: ${ran} steps ran, ${cached} came from the cache.`
  return [head, ...steps.map((step) => stepText(step, whole))].join('\n\n')
}

function stepText(step: MissedStep, whole: boolean): string {
  const { label, title, file, line, reasons, fields, files } = step
  const place = file === 'ONBUILD' ? 'ONBUILD' : `line ${line}`
  return [
    `${place}  ${label} ${title.split('\n', 1)[0]}`,
    ...reasons.map((reason) => `    ${reason}`),
    ...files.map(({ path, change }) => `      ${path}: ${change}`),
    ...(whole ? fields.flatMap(valuesOf) : []),
  ].join('\n')
}

function valuesOf({ field, was, now }: MissedStep['fields'][number]): string[] {
  if (was === null || now === null) return []
  return [`    ${field}`, `      was ${was || 'not there'}`, `      is  ${now || 'not there'}`]
}
