import { spawn } from 'node:child_process'

export type Exit = { readonly code: number; readonly stdout: string; readonly log: string }

/** Runs a program to its end. `log` is everything it said, in the order it said it. */
export function exec(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Exit> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
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
