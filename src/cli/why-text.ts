import type { Explained, ExplainedGroup } from '../app/index.ts'
import { formatSize } from '../base/index.ts'

type Row = readonly [title: string, lines: readonly string[]]

const shown = 8

/** What `explain --in IMAGE` says of a file, a package, a category or a layer. */
export function whyText(why: Explained | ExplainedGroup): string {
  return 'parts' in why ? groupText(why) : oneText(why)
}

function oneText(why: Explained): string {
  const { subject, package: owner, category, confidence } = why
  const version = subject === 'package' && owner ? ` ${owner.version}` : ''
  const files = subject === 'file' ? '' : `  ${why.files} files`
  return text(
    `${why.name}${version}  ${formatSize(why.bytes)}${files}  ${category.title}  ${confidence}`,
    [
      ['link to', why.target === null ? [] : [why.target]],
      ['evidence', [why.evidence]],
      from(why),
      ['package', owner ? [record(owner, subject)] : []],
      ['because', chain(why)],
      ['needed by', neededBy(why)],
      ...removal(why),
      ['ballast', category.ballast ? ['yes: nothing that runs was found to need it'] : []],
    ],
  )
}

function from({ origins, layerCount }: Explained | ExplainedGroup): Row {
  const lines = origins.map(
    ({ layer, instruction, createdBy }) =>
      `layer ${layer + 1} of ${layerCount}  ${placeOf(instruction)}${createdBy.replace(/\s+/g, ' ')}`,
  )
  return ['from', lines]
}

/** `Dockerfile:4`, and room behind it: the name without its folders, which are the same for every line. */
export function placeOf(instruction: Explained['origins'][number]['instruction']): string {
  return instruction ? `${instruction.file.replace(/^.*\//, '')}:${instruction.line}  ` : ''
}

function record(owner: NonNullable<Explained['package']>, subject: Explained['subject']): string {
  const { manager, name, version, section, priority, source, automatic } = owner
  const facts = [
    manager,
    ...[section, priority].filter((one) => one !== null),
    ...(source === null || source === name ? [] : [`source ${source}`]),
    ...(automatic === null ? [] : [automatic ? 'came for others' : 'installed by name']),
  ]
  return `${subject === 'package' ? '' : `${name} ${version}  `}${facts.join(', ')}`
}

function chain({ because }: Explained): readonly string[] {
  return because.length > 1 ? [because.join(' -> ')] : []
}

function neededBy(why: Explained): readonly string[] {
  if (why.started) return ['the image starts it']
  const { neededBy: links, loadedThrough, traced, roots } = why
  if (links.length === 0) {
    if (loadedThrough.length === 1) return ['loaded by itself, as a program or a module of one']
    const begin = roots.length > 0 ? ` from ${roots.slice(0, 3).join(', ')}` : ''
    return [`no file of the running app: ${traced} traced${begin}, none links it`]
  }
  const rest = links.length - shown
  const way = loadedThrough.length > 2 ? [`through ${loadedThrough.join(' -> ')}`] : []
  return [...links.slice(0, shown), ...(rest > 0 ? [`and ${rest} more`] : []), ...way]
}

function removal({ goesIf }: Explained): readonly Row[] {
  if (!goesIf) return []
  const { manager, remove, packages, bytes, loaded } = goesIf
  const names = remove.slice(0, shown).join(' ')
  const more = remove.length > shown ? ` and ${remove.length - shown} more` : ''
  const line = `${commandOf(manager)} ${names}${more}  frees ${formatSize(bytes)} in ${packages} packages`
  const kept = `${loaded.slice(0, shown).join(' ')}: the app loads them, so they have to be installed by name`
  return [
    ['goes if', [line]],
    ['but keep', loaded.length > 0 ? [kept] : []],
  ]
}

function commandOf(manager: NonNullable<Explained['goesIf']>['manager']): string {
  if (manager === 'apk') return 'apk del'
  return manager === 'rpm' ? 'dnf remove' : 'apt-get purge --autoremove'
}

function groupText(why: ExplainedGroup): string {
  const list = (groups: ExplainedGroup['parts']): readonly string[] => {
    const rest = groups.length - shown
    const lines = groups
      .slice(0, shown)
      .map(
        ({ name, bytes, files }) => `${formatSize(bytes).padStart(7)}  ${name}  (${files} files)`,
      )
    return rest > 0 ? [...lines, `${''.padStart(7)}  and ${rest} more`] : lines
  }
  const name = why.subject === 'category' ? why.title : why.name
  return text(`${name}  ${formatSize(why.bytes)}  ${why.files} files`, [
    from(why),
    [why.subject === 'category' ? 'where' : 'what for', list(why.parts)],
    ['whose', list(why.owners)],
    ['evidence', list(why.evidence)],
    ['ballast', why.ballast ? ['yes: nothing that runs was found to need it'] : []],
  ])
}

function text(head: string, rows: readonly Row[]): string {
  const lines = rows.flatMap(([title, values]) =>
    values.map((value, at) => `  ${(at === 0 ? title : '').padEnd(9)}  ${value}\n`),
  )
  return [`${head}\n`, ...lines].join('')
}
