import { spawn } from 'node:child_process'

/** A shell script on a terminal of its own, as script(1) makes one; what it prints is collected. */
export type Terminal = {
  readonly type: (text: string) => void
  readonly screen: () => string
  /** Settles when the screen matches, or rejects when the script ends first. */
  readonly shows: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<number | null>
}

export function openTerminal(script: string): Terminal {
  const child = spawn('script', ['-qefc', script, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  let gone = false
  const changed = new Set<() => void>()
  const tell = (): void => {
    for (const listener of changed) listener()
  }
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString()
    tell()
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      gone = true
      tell()
      resolve(code)
    })
  })
  return {
    ended,
    screen: () => text,
    type: (keys) => void child.stdin.write(keys),
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text)
          if (match) resolve(match)
          else if (gone) reject(new Error(`the terminal ended with:\n${text}`))
          else return
          changed.delete(look)
        }
        changed.add(look)
        look()
      }),
  }
}
