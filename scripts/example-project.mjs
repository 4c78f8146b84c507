// What a project of examples/ says of itself, for everyone who builds one: Node's own modules only.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Folders of `examples` with a fat Dockerfile, or with an example.json that says where it is. */
export function examplesIn(examples) {
  return readdirSync(examples)
    .filter((name) => ['Dockerfile', 'example.json'].some((file) => existsSync(join(examples, name, file))))
    .sort()
}

/**
 * What `example.json` says, all of it optional. `context` and `file` as of `jettison slim`, relative to the example;
 * `probes` in the words of `--probe`; `prepare` a shell command that is run first, in the example; `verdict` or
 * `refusal` what has to come of it (EQUIVALENT unless given), `why` in words.
 */
export function settingsOf(project) {
  const path = join(project, 'example.json')
  return {
    ...{ context: '.', file: 'Dockerfile', probes: [], args: {}, prepare: null, refusal: null },
    ...{ verdict: 'EQUIVALENT', handwritten: 'Dockerfile.handwritten' },
    ...(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}),
  }
}

/**
 * Prepares the example where it lies and copies it to `place`: what runs leave behind never lands in the repository.
 * @returns why its `prepare` failed, else null
 */
export function layOut(project, { prepare }, place) {
  if (prepare !== null) {
    const made = spawnSync('sh', ['-c', prepare], { cwd: project, encoding: 'utf8' })
    if (made.status !== 0)
      return `prepare ended with code ${made.status}: ${made.stderr.trim().split('\n').at(-1)}`
  }
  cpSync(project, place, { recursive: true })
  return null
}

/** The words of `jettison slim` that the settings of an example stand for, once it lies at `place`. */
export function slimWords(place, { context, file, probes, args }) {
  return [
    ...[join(place, context), '-f', join(place, context, file)],
    ...probes.flatMap((probe) => ['--probe', probe]),
    ...Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
  ]
}

/** Where `npm run examples` builds unless it is told otherwise; it outlives the run. */
export function examplesStore() {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  return process.env.JETTISON_HOME ?? join(cache, 'jettison/examples-store')
}
