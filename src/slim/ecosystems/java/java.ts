import { classesContain } from '../../../analysis/index.ts'
import { type ChosenBase, chooseBase } from '../../bases/index.ts'
import type { RunCommand, StageFacts } from '../../facts/index.ts'
import { type Role, splitPlan } from '../../split/index.ts'
import type { PlanInput, Planned, ProjectInput, Refusal } from '../../types.ts'
import type { Claim, Ecosystem } from '../types.ts'
import { cacheEdits } from './cache-edits.ts'
import { keepsOf } from './keeps.ts'
import { type JavaStart, javaStart } from './start.ts'

/** Maven, Gradle and javac on the official images: fat jars, class paths of folders, several modules. */
export const java: Ecosystem = {
  name: 'java',
  claims,
  base,
  plan,
  leftovers: [
    {
      path: /^\/(?:root|home\/[^/]+)\/\.(?:m2|gradle|ivy2|sbt)(?:\/|$)/,
      what: 'caches of Maven and Gradle',
      when: 'always',
    },
    {
      path: /\/(?:target|build)\/(?:classes|generated-sources)(?:\/|$)/,
      what: 'classes of a Java build',
      when: 'helper',
    },
  ],
}

const builder = /^(?:mvn|mvnw|gradle|gradlew|ant|sbt|javac|jar|jlink|jpackage|native-image)$/

function claims(project: ProjectInput): Claim | null {
  const builds = commandsOf(project.facts.stages.at(-1)).find(({ name }) => builder.test(name))
  const { starts, builders } = javaStart(project)
  const runs = starts || builders.length > 0
  const because = [
    ...(builds ? [`a RUN calls ${builds.name}`] : []),
    ...(starts
      ? ['the image starts java']
      : builders.length > 0
        ? [`the image starts ${builders[0]}`]
        : []),
  ]
  if (because.length === 0) return null
  return { confidence: builds && runs ? 1 : runs ? 0.7 : 0.3, because: because.join(', ') }
}

function base(input: PlanInput): ChosenBase | Refusal {
  return chooseBase(input, stageOf(input))
}

function plan(input: PlanInput): Planned {
  const start = javaStart(input)
  const objection = refuseStart(input, start)
  if (objection) return { kind: 'refusal', refusal: objection }
  const chosen = base(input)
  if ('code' in chosen) return { kind: 'refusal', refusal: chosen }
  const { dockerfile } = input.facts
  return splitPlan(input, {
    ecosystem: java.name,
    base: chosen,
    role: roleOf,
    keeps: keepsOf(input, start),
    whole: start.folders,
    builderEdits: (_index, at) => cacheEdits(dockerfile, at),
    buildOnly: (name) =>
      /^(?:maven|gradle|ant|sbt|openjdk-\d+-jdk(?:-headless)?|default-jdk(?:-headless)?)$/.test(
        name,
      ),
    notes: () =>
      /(?:^|\/)openjdk:/.test(stageOf(input).reference)
        ? ['the openjdk images have no JRE; Temurin has the same release']
        : [],
  })
}

function stageOf({ facts }: ProjectInput): StageFacts {
  const stage = facts.stages.at(-1)
  if (!stage) throw new TypeError('planned without a stage')
  return stage
}

function commandsOf(stage: StageFacts | undefined): readonly RunCommand[] {
  return (stage?.instructions ?? []).flatMap(({ run }) => run?.commands ?? [])
}

function roleOf({ name, words }: RunCommand): Role | null {
  if (builder.test(name) || name === 'java') return { kind: 'tool' }
  // Debian's packages of Java link manual pages, whose folder slim images leave out.
  const forManual =
    name === 'mkdir' && words.slice(1).every(({ text }) => /^-|^\/usr\/share\/man\//.test(text))
  return forManual ? { kind: 'upkeep', cache: false } : null
}

/** What the JRE has not: a compiler. And a start that nobody can follow to its jars. */
function refuseStart({ fatTree: tree }: PlanInput, start: JavaStart): Refusal | null {
  const [first] = start.builders
  if (first !== undefined)
    return {
      code: 'compiler-needed-at-runtime',
      message: `the image starts ${first}, which compiles and downloads while it runs`,
      details: [
        `CMD runs ${first}`,
        'build a jar in a RUN and start that: CMD ["java", "-jar", "target/app.jar"]',
      ],
    }
  if (!start.starts)
    return {
      code: 'unsupported-ecosystem',
      message: 'no way of splitting this kind of Java project is known yet',
      details: ['java: the image starts no java that jettison can follow'],
    }
  for (const path of start.files) {
    const entry = tree.lookup(path)
    if (entry?.kind === 'file' && classesContain(tree, entry, 'javax/tools/ToolProvider'))
      return {
        code: 'compiler-needed-at-runtime',
        message: 'the app compiles Java while it runs, and a JRE has no compiler',
        details: [`a class of ${path} uses javax.tools.ToolProvider`],
      }
  }
  return null
}
