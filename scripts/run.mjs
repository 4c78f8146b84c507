// Starting programs, for the scripts beside this file.
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Runs a program on this terminal, passes SIGTERM on, and returns its exit code; 128 + n for a signal. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    // Ctrl-C reaches the child by itself: it is in the same process group. This one only has to outlive it.
    const interrupt = () => {}
    const terminate = () => child.kill('SIGTERM')
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', terminate)
    const settle = (end) => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', terminate)
      end()
    }
    child.on('error', (error) => settle(() => reject(error)))
    child.on('close', (code, signal) =>
      settle(() => resolve(code ?? { SIGINT: 130, SIGTERM: 143 }[signal] ?? 137)),
    )
  })
}

/** Runs a program silently. @returns its exit code and output; code 127 when it cannot be started */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    const text = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (chunk) => (text[name] += chunk))
    child.on('error', (error) => resolve({ code: 127, stdout: '', stderr: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, ...text }))
  })
}

/** Whether a program of this name is on PATH; Debian keeps some outside an ordinary user's PATH. */
export function found(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Something the person at the terminal has to decide or do; scripts end with its exit code. */
export class Stop extends Error {
  constructor(message, code) {
    super(message)
    this.code = code
  }
}

/** Runs a script's main function; a Stop becomes its message and exit code. */
export async function main(work) {
  try {
    process.exitCode = await work()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.error(error.message)
    process.exitCode = error.code
  }
}
