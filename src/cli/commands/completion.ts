import { Fault } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { globalFlags } from '../command.ts'

const shells = ['bash', 'zsh', 'fish']

export const command: Command = {
  spec: {
    name: 'completion',
    usage: 'bash | zsh | fish',
    summary: 'Print a shell completion: source <(jettison completion bash)',
    args: { min: 1, max: 1 },
    flags: [],
  },
  async run({ flags, out, commands }) {
    const shell = flags.positional[0] ?? ''
    if (!shells.includes(shell))
      throw new Fault('USAGE', `no completion for ${shell}`, {
        kind: 'invalid',
        hint: `shells: ${shells.join(', ')}`,
      })
    const rows: { readonly name: string; readonly flags: readonly string[] }[] = []
    for (const [name, load] of Object.entries(commands)) {
      const { command: found } = await load()
      rows.push({
        name,
        flags: [...found.spec.flags, ...globalFlags].flatMap((flag) => [
          `--${flag.long}`,
          ...(flag.short ? [`-${flag.short}`] : []),
        ]),
      })
    }
    out(shell === 'fish' ? fish(rows) : bash(rows, shell === 'zsh'))
    return 0
  },
}

type Rows = readonly { readonly name: string; readonly flags: readonly string[] }[]

function bash(rows: Rows, zsh: boolean): string {
  const first = [...new Set(rows.map((row) => row.name.split(' ')[0] ?? ''))].join(' ')
  const image = rows
    .flatMap((row) => (row.name.startsWith('image ') ? [row.name.slice(6)] : []))
    .join(' ')
  const cases = rows
    .map(
      (row) =>
        `    "${row.name}") COMPREPLY=($(compgen -W "${row.flags.join(' ')}" -- "$word")) ;;`,
    )
    .join('\n')
  return `${zsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_jettison() {
  local word="\${COMP_WORDS[COMP_CWORD]}" name="\${COMP_WORDS[1]}"
  if [ "$COMP_CWORD" = 1 ]; then COMPREPLY=($(compgen -W "${first}" -- "$word")); return; fi
  if [ "$name" = image ]; then
    if [ "$COMP_CWORD" = 2 ]; then COMPREPLY=($(compgen -W "${image}" -- "$word")); return; fi
    name="image \${COMP_WORDS[2]}"
  fi
  case "$word" in -*) ;; *) COMPREPLY=($(compgen -f -- "$word")); return ;; esac
  case "$name" in
${cases}
  esac
}
complete -F _jettison jettison
`
}

function fish(rows: Rows): string {
  return rows
    .filter((row) => !row.name.includes(' '))
    .flatMap((row) => [
      `complete -c jettison -n __fish_use_subcommand -a ${row.name}`,
      ...row.flags.map(
        (flag) =>
          `complete -c jettison -n '__fish_seen_subcommand_from ${row.name}' ${flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`}`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join('')
}
