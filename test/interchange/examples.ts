import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cli } from '../support/jettison.ts'
import { answerOf, type Question } from './answer.ts'
import { jettisonRunner, type Traveller } from './world.ts'

const examples = join(import.meta.dirname, '../../examples')

/** What an `example.json` may say that matters here (see scripts/example.mjs). */
type Settings = {
  readonly context?: string
  readonly file?: string
  readonly handwritten?: string
  readonly prepare?: string | null
  readonly probes?: readonly string[]
  readonly args?: Readonly<Record<string, string>>
}

export function exampleNames(): readonly string[] {
  return readdirSync(examples)
    .filter((name) =>
      ['Dockerfile', 'example.json'].some((file) => existsSync(join(examples, name, file))),
    )
    .sort()
}

/** Builds the lean image that was written by hand, where there is one, else the fat one, and asks it. */
export async function exampleApp(
  jettison: Cli,
  name: string,
  { folder, bases }: { readonly folder: string; readonly bases: string },
): Promise<Traveller> {
  const path = join(examples, name, 'example.json')
  const settings = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Settings) : {}
  if (settings.prepare)
    execFileSync('sh', ['-c', settings.prepare], { cwd: join(examples, name), stdio: 'ignore' })
  const project = join(folder, name)
  cpSync(join(examples, name), project, { recursive: true })
  const { context = '.', file = 'Dockerfile', handwritten = 'Dockerfile.handwritten' } = settings
  const lean = join(project, handwritten)
  const dockerfile = existsSync(lean) ? lean : join(project, context, file)
  const tag = `travels/${name}:1`
  const args = Object.entries(settings.args ?? {}).flatMap(([key, value]) => [
    '--build-arg',
    `${key}=${value}`,
  ])
  const from = ['--bases', bases, '-f', dockerfile, ...args, join(project, context)]
  await jettison.ok(['build', '-q', '-t', tag, ...from])
  const question = await questionOf(jettison, tag, settings.probes ?? [])
  const answer = await answerOf(jettisonRunner(jettison), tag, question)
  return steady({ name: tag, question, answer }, jettison)
}

/** Paths of the probes, and those that an app is likely to have; the port that the image exposes. */
async function questionOf(
  jettison: Cli,
  image: string,
  probes: readonly string[],
): Promise<Question> {
  const [described] = JSON.parse(await jettison.ok(['inspect', image])) as {
    readonly Config: { readonly ExposedPorts?: Readonly<Record<string, unknown>> }
  }[]
  const exposed = Object.keys(described?.Config.ExposedPorts ?? {}).map((port) =>
    Number.parseInt(port, 10),
  )
  const found = probes.flatMap((probe) => /https?:\/\/[^:/]*:(\d+)(\/\S*)/.exec(probe) ?? [])
  const port = exposed[0] ?? (found[1] === undefined ? null : Number(found[1]))
  const paths = probes.flatMap((probe) => /https?:\/\/[^/]*(\/\S*)/.exec(probe)?.[1] ?? [])
  return { port, paths: [...new Set(['/', '/health', ...paths])] }
}

/** What an app answers differently each time, says nothing about a journey. */
async function steady(traveller: Traveller, jettison: Cli): Promise<Traveller> {
  const { name, question, answer } = traveller
  const again = await answerOf(jettisonRunner(jettison), name, question)
  if (again === answer || question.port === null) return traveller
  const [first, second] = [answer.split('\n'), again.split('\n')]
  const paths = question.paths.filter((_, at) => first[at] === second[at])
  const kept = first.filter((line, at) => line === second[at])
  return { name, question: { ...question, paths }, answer: kept.join('\n') }
}
