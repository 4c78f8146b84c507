import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Fault } from '../base/index.ts'

/** Asks on the terminal; with `hidden` the answer is not shown. @throws Fault USAGE when there is no terminal */
export async function ask(
  question: string,
  { hidden, signal }: { readonly hidden: boolean; readonly signal: AbortSignal },
): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Fault('USAGE', 'a name and a password are needed, and there is no terminal to ask', {
      kind: 'invalid',
      hint: 'use --username and --password-stdin',
    })
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? silent : process.stderr,
    terminal: true,
  })
  // Ctrl-C ends the command and not only the question.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  if (hidden) process.stderr.write(question)
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      lines.once('close', () => resolve(''))
      lines.question(hidden ? '' : question, resolve)
    })
  } finally {
    if (hidden) process.stderr.write('\n')
    lines.close()
  }
}
