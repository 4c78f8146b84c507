import {
  type BuildMisses,
  type Explained,
  explainCode,
  explainIn,
  explainMisses,
  type MissedStep,
  type Session,
} from '../../app/index.ts'
import { Fault, formatSize, isFault } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { ago } from '../table.ts'
import { printable } from '../terminal.ts'

export const command: Command = {
  spec: {
    name: 'explain',
    usage: '[OPTIONS] CODE | CACHE_MISS [LINE | STEP] | FILE | PACKAGE',
    summary:
      'Show the page of an error code, a rung (P0 to P10), a policy, a refusal or a lint rule;\nCACHE_MISS also says why the steps of the last build ran;\nwith --in IMAGE: why a file or a package is in the image, and what needs it',
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
        help: 'Explain an absolute path or a package of this image',
      },
    ],
  },
  async run({ flags, session, out, json, cwd }) {
    const [code = '', step] = flags.positional
    const image = flags.text('in')
    if (image !== undefined) {
      const explained = await explainIn(await session(), image, code, cwd)
      out(json ? `${JSON.stringify(explained, null, 2)}\n` : printable(whyText(explained)))
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

function whyText(why: Explained): string {
  const from = why.origins.map(({ layer, createdBy }) => `layer ${layer + 1}  ${createdBy}`)
  const chain = why.because.length > 1 ? why.because.join(' -> ') : 'installed by name'
  const needed = why.neededBy.slice(0, 8)
  const rest = why.neededBy.length - needed.length
  const unneeded = `no program or library that the app is known to load links it (${why.traced} traced)`
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['link to', why.target === null ? [] : [why.target]],
    ['from', from],
    [
      'package',
      why.package && why.subject === 'file'
        ? [`${why.package.name} ${why.package.version} (${why.package.manager})`]
        : [],
    ],
    ['because', why.because.length > 0 ? [chain] : []],
    [
      'needed by',
      why.started
        ? ['the image starts it']
        : needed.length > 0
          ? [...needed, ...(rest > 0 ? [`and ${rest} more`] : [])]
          : [unneeded],
    ],
    ['ballast', why.category.ballast ? ['yes: jettison slim leaves it behind'] : []],
  ]
  const version = why.subject === 'package' && why.package ? ` ${why.package.version}` : ''
  const files = why.subject === 'package' ? `  ${why.files} files` : ''
  return [
    `${why.name}${version}  ${formatSize(why.bytes)}${files}  ${why.category.title}\n`,
    ...rows.flatMap(([title, lines]) =>
      lines.map(
        (line, at) =>
          `  ${(at === 0 ? title : '').padEnd(9)}  ${line.replace(/\s+/g, ' ').slice(0, 160)}\n`,
      ),
    ),
  ].join('')
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
