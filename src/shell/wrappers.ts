import type { ShellCommand, ShellWord } from './types.ts'

/** Programs that run their arguments as a command, and their options that take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '--user', '-g', '--group', '-h', '--host', '-p', '--prompt'],
  doas: ['-u'],
  env: ['-u', '--unset', '-C', '--chdir'],
  command: [],
  exec: ['-a'],
  time: ['-f', '-o'],
  nice: ['-n', '--adjustment'],
  ionice: ['-c', '-n', '-p'],
  eatmydata: [],
  nohup: [],
  setsid: [],
  stdbuf: ['-i', '-o', '-e'],
  timeout: ['-s', '--signal', '-k', '--kill-after'],
  xargs: [
    '-n',
    '-P',
    '-I',
    '-a',
    '-d',
    '-E',
    '-L',
    '-s',
    '--max-args',
    '--arg-file',
    '--delimiter',
  ],
}

const takesAssignments: ReadonlySet<string> = new Set(['env', 'sudo'])

/**
 * The words of a command without the programs that only run another one (`sudo -E env A=b apt-get …`). `open` holds the
 * wrappers that add words of their own at run time (`xargs`).
 */
export function unwrapped(command: ShellCommand): {
  readonly words: readonly ShellWord[]
  readonly open: readonly ShellWord[]
} {
  let { words } = command
  const open: ShellWord[] = []
  for (;;) {
    const [first] = words
    const name = first?.value?.replace(/^.*\//, '') ?? ''
    const valued = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined
    if (!first || !valued) return { words, open }
    if (name === 'xargs') open.push(first)
    words = afterOptions(words.slice(1), name, valued)
  }
}

function afterOptions(
  words: readonly ShellWord[],
  wrapper: string,
  valued: readonly string[],
): readonly ShellWord[] {
  let at = 0
  for (; at < words.length; at++) {
    const text = words[at]?.text ?? ''
    if (valued.includes(text)) at += 1
    else if (!text.startsWith('-') && !(takesAssignments.has(wrapper) && /^\w+=/.test(text))) break
  }
  // timeout's first operand is the duration.
  return words.slice(wrapper === 'timeout' ? at + 1 : at)
}
