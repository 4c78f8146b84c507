import { nameOf } from '../canonical.ts'

/** A word of a command; undefined when its value is only known at run time. */
export type Word = string | undefined

/** Programs that run their last arguments as a command: options that take a value, and how many words come first. */
const wrappers: Readonly<
  Record<string, { readonly valued?: readonly string[]; readonly skip?: number }>
> = {
  'aws-vault': {},
  catchsegv: {},
  chpst: { valued: ['-u', '-U', '-e', '-P', '-n'] },
  command: {},
  chrt: { skip: 1 },
  'ddtrace-run': {},
  doas: { valued: ['-u'] },
  'dumb-init': { valued: ['-r', '--rewrite'] },
  env: { valued: ['-u', '--unset', '-C', '--chdir'] },
  exec: { valued: ['-a'] },
  gosu: { skip: 1 },
  ionice: { valued: ['-c', '-n'] },
  'jemalloc.sh': {},
  'newrelic-admin': { skip: 1 },
  nice: { valued: ['-n', '--adjustment'] },
  nohup: {},
  'opentelemetry-instrument': { valued: ['--traces_exporter', '--metrics_exporter'] },
  setpriv: { valued: ['--reuid', '--regid', '--groups'] },
  setsid: {},
  stdbuf: { valued: ['-i', '-o', '-e'] },
  'su-exec': { skip: 1 },
  sudo: { valued: ['-u', '-g', '-E'] },
  time: {},
  timeout: { valued: ['-s', '--signal', '-k', '--kill-after'], skip: 1 },
  tini: { valued: ['-p', '-e'] },
  'tini-static': { valued: ['-p', '-e'] },
  'wait-for-it.sh': { valued: ['-h', '-p', '-t'], skip: 1 },
  xargs: { valued: ['-n', '-I', '-P', '-L', '-d'] },
}

/** The command that a wrapper starts (`tini -- gunicorn`, `env A=1 python`); undefined when it is no wrapper. */
export function wrappedCommand(argv: readonly Word[]): readonly Word[] | undefined {
  const rule = Object.entries(wrappers).find(([name]) => name === nameOf(argv[0] ?? ''))?.[1]
  if (!rule) return undefined
  let at = 1
  while (at < argv.length) {
    const word = argv[at]
    if (word === '--') {
      at += 1
      break
    }
    if (word === undefined || !(word.startsWith('-') || isAssignment(argv, word))) break
    at += rule.valued?.includes(word) ? 2 : 1
  }
  const rest = argv.slice(at + (rule.skip ?? 0))
  return rest[0] === '--' ? rest.slice(1) : rest
}

function isAssignment(argv: readonly Word[], word: string): boolean {
  return nameOf(argv[0] ?? '') === 'env' && /^[A-Za-z_]\w*=/.test(word)
}

/** Words that a POSIX shell handles itself: nothing is started. */
const builtins: ReadonlySet<string> = new Set([
  ...[
    '.',
    ':',
    '[',
    '[[',
    'alias',
    'bg',
    'break',
    'cd',
    'command',
    'continue',
    'declare',
    'echo',
    'eval',
    'exec',
  ],
  ...['exit', 'export', 'false', 'fg', 'getopts', 'hash', 'jobs', 'kill', 'let', 'local', 'popd'],
  ...['printf', 'pushd', 'pwd', 'read', 'readonly', 'return', 'set', 'shift', 'shopt', 'source'],
  ...['test', 'times', 'trap', 'true', 'type', 'typeset', 'ulimit', 'umask', 'unalias', 'unset'],
  ...['wait'],
])

export function isBuiltin(name: string): boolean {
  return builtins.has(name)
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'mksh'])

export function isShell(path: string): boolean {
  return shells.has(nameOf(path))
}

/** What a shell was given: the text after `-c` and its arguments, or a script file and its arguments. */
export function shellInput(
  argv: readonly Word[],
):
  | { readonly kind: 'text'; readonly text: Word; readonly rest: readonly Word[] }
  | { readonly kind: 'file'; readonly file: Word; readonly rest: readonly Word[] }
  | undefined {
  let command = false
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]
    if (word === '--') continue
    if (word !== undefined && /^[-+][a-zA-Z]+$/.test(word)) {
      command ||= word.startsWith('-') && word.includes('c')
      if (word === '-o' || word === '+o') at += 1
      continue
    }
    if (word?.startsWith('--')) continue
    const rest = argv.slice(at + 1)
    return command
      ? { kind: 'text', text: word, rest: rest.slice(1) }
      : { kind: 'file', file: word, rest }
  }
  return undefined
}
