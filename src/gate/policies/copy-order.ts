import { positionAt } from '../../base/index.ts'
import { type Instruction, type Stage, stagesOf } from '../../dockerfile/index.ts'
import type { PolicyKind } from '../define.ts'
import { sortIgnored } from '../ignore.ts'
import type { Item } from '../types.ts'

type Installer = { readonly command: RegExp; readonly lists: (text: string) => readonly string[] }

const named =
  (...lists: readonly string[]) =>
  () =>
    lists

/** Commands that install what a file lists, and the files that are all they need. */
const installers: readonly Installer[] = [
  {
    command: /\bpip3?\s+install\b[^&|;]*?(?:\s-r\s*|--requirement[= ])\S/,
    lists: (text) =>
      [...text.matchAll(/(?:\s-r\s*|--requirement[= ])([^\s;&|]+)/g)].map(([, file = '']) => file),
  },
  { command: /\bnpm\s+(?:ci|install|i)\s*(?=$|[-&|;])/m, lists: named('package*.json') },
  { command: /\byarn(?:\s+install)?\s*(?=$|[-&|;])/m, lists: named('package.json', 'yarn.lock') },
  {
    command: /\bpnpm\s+(?:install|i)\s*(?=$|[-&|;])/m,
    lists: named('package.json', 'pnpm-lock.yaml'),
  },
  { command: /\bbundle\s+install\b/, lists: named('Gemfile', 'Gemfile.lock') },
  { command: /\bcomposer\s+install\b/, lists: named('composer.json', 'composer.lock') },
  { command: /\bgo\s+mod\s+download\b/, lists: named('go.mod', 'go.sum') },
  { command: /\bcargo\s+fetch\b/, lists: named('Cargo.toml', 'Cargo.lock') },
  {
    command: /\bpoetry\s+install\b[^&|;]*--no-root/,
    lists: named('pyproject.toml', 'poetry.lock'),
  },
  {
    command: /\buv\s+sync\b[^&|;]*--no-install-project/,
    lists: named('pyproject.toml', 'uv.lock'),
  },
]

/** No whole context is copied before what is installed from a list alone. */
export const copyOrder: PolicyKind<Readonly<Record<never, never>>> = {
  options: {},
  why: 'each edit of the app changes the copy, and everything that is installed after it is installed again',
  fix: 'copy the list first, install, and copy the rest afterwards',
  slimFixes: false,
  judge: (_, input) => {
    const common = {
      title: 'dependencies are installed before the app is copied',
      allowed: 'no COPY of the whole context before them',
    }
    const { dockerfile } = input
    if (!dockerfile) return { ...common, status: 'skip', found: 'no Dockerfile', items: [] }
    const { text } = dockerfile.source
    const found = stagesOf(dockerfile.value).stages.flatMap((stage) => inStage(stage, text))
    const { counted, notCounted } = sortIgnored('copy-order', found, input)
    const [first] = counted
    return {
      ...common,
      status: first ? 'fail' : 'pass',
      found: first ? `${counted.length} after it` : 'in order',
      items: counted.map(({ what, line }) => ({ what, line })),
      notCounted,
      ...(first ? { fix: first.fix } : {}),
    }
  },
}

/** The first install of a stage, when the whole context came before it. */
function inStage(
  { instructions }: Stage,
  text: string,
): readonly (Item & { readonly fix: string })[] {
  let whole: Instruction | undefined
  for (const instruction of instructions) {
    if (copiesContext(instruction)) whole ??= instruction
    if (instruction.kind !== 'run') continue
    const body = text.slice(instruction.range.start, instruction.range.end).replace(/\\\n/g, ' ')
    const installer = installers.find(({ command }) => command.test(body))
    if (!installer) continue
    if (!whole) return []
    const line = positionAt(text, whole.range.start).line
    const at = positionAt(text, instruction.range.start).line
    const lists = [...new Set(installer.lists(body))]
    return [
      {
        what: `line ${line} copies the whole context, line ${at} installs what ${lists.join(', ')} lists`,
        line,
        fix: `before line ${line}: COPY ${lists.join(' ')} ./ and the RUN of line ${at}; then the COPY of line ${line}`,
      },
    ]
  }
  return []
}

const everything: readonly string[] = ['.', './', '/', '*', './*']

function copiesContext(one: Instruction): boolean {
  if (one.kind !== 'copy' && one.kind !== 'add') return false
  if (one.flags.some(({ name }) => name === 'from')) return false
  return one.sources.some(({ text }) => everything.includes(text))
}
