import { spawn } from 'node:child_process'

export type Exit = { readonly code: number; readonly stdout: string; readonly log: string }

export type Surroundings = {
  /** Variables on top of those that this process has. */
  readonly env?: Readonly<Record<string, string>>
  /** Folders in front of PATH. */
  readonly search?: readonly string[]
}

/** The command line that runs a program in other surroundings. */
export function commandLine(
  program: string,
  args: readonly string[],
  { env = {}, search = [] }: Surroundings = {},
): readonly [string, ...string[]] {
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const folders = search.map((folder) => `${folder}:`).join('')
  return ['sh', '-c', 'PATH="$0$PATH" exec env "$@"', folders, ...pairs, program, ...args]
}

/** Runs a program to its end. `log` is everything it said, in the order it said it. */
export function exec(
  program: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Exit> {
  const [shell, ...rest] = commandLine(program, args, surroundings)
  return new Promise((resolve, reject) => {
    const child = spawn(shell, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let log = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      log += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 137, stdout, log }))
  })
}

/** Runs a program that has to succeed. */
export async function run(...command: Parameters<typeof exec>): Promise<string> {
  const { code, stdout, log } = await exec(...command)
  if (code === 0) return stdout
  throw new Error(`${command[0]} ${command[1].join(' ')} failed with ${code}:\n${log}`)
}
