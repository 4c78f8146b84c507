import { execFile } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Something that runs images: ours or a peer's. Containers have a network of their own with nothing but loopback. */
export type Runner = {
  /** @returns the container's ID */
  start(image: string): Promise<string>
  /** PID 1 of the container, as this machine numbers it; 0 when it has ended. */
  pid(container: string): Promise<number>
  /** Everything it wrote. */
  logs(container: string): Promise<string>
  remove(container: string): Promise<void>
}

/** What is asked of an image: requests to a port, or with null only what it writes until it ends. */
export type Question = { readonly port: number | null; readonly paths: readonly string[] }

const script = `
const [port, ...paths] = process.argv.slice(1)
const ask = async (path) => {
  for (;;) {
    try {
      const answer = await fetch('http://127.0.0.1:' + port + path)
      const type = answer.headers.get('content-type')
      return JSON.stringify({ path, status: answer.status, type, body: await answer.text() })
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
for (const path of paths) console.log(await ask(path))
`

/** Starts the image, asks, and removes the container. @returns what was answered, as text that can be compared */
export async function answerOf(runner: Runner, image: string, question: Question): Promise<string> {
  const container = await runner.start(image)
  try {
    if (question.port === null) return await untilItEnds(runner, container)
    return await ask(runner, container, [String(question.port), ...question.paths])
  } finally {
    await runner.remove(container)
  }
}

/** Asks from inside until everything is answered; an app that ends before is an answer too. */
async function ask(runner: Runner, container: string, words: readonly string[]): Promise<string> {
  const pid = await runner.pid(container)
  if (pid === 0) return `ended: ${await runner.logs(container)}`
  const asked = new AbortController()
  const asking = promisify(execFile)(
    'nsenter',
    [
      '--target',
      String(pid),
      '--net',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ].concat(words),
    { signal: asked.signal },
  )
  const ended = untilItEnds(runner, container, asked.signal)
  try {
    return await Promise.race([
      asking.then(({ stdout }) => stdout.trim()),
      ended.then((logs) => `ended: ${logs}`),
    ])
  } finally {
    asked.abort()
    await Promise.allSettled([asking, ended])
  }
}

async function untilItEnds(
  runner: Runner,
  container: string,
  signal?: AbortSignal,
): Promise<string> {
  while ((await runner.pid(container)) !== 0) await wait(500, undefined, signal ? { signal } : {})
  return await runner.logs(container)
}
