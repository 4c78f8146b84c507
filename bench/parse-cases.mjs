// The parser beside dockerfile-ast. Each run is a process that parses often: an editor or a server; `first` is its first
// parse, before anything is compiled, as a command has it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/build.mjs'
import { inTurn } from './measure.mjs'

const lines = 10_000

export const parseCases = {
  parse: {
    shows: `a parse of a Dockerfile of ${lines} lines with all its arguments, flags and ranges, in a warm process, as the first one of a process (first), and the processor's time of that one on its thread (firstCpu); dockerfile-ast 0.7.1 finds arguments and flags when asked, so it is measured with and without that`,
    images: [],
    daemon: false,
    run: async ({ folder }) => {
      const file = join(folder, 'Dockerfile')
      writeFileSync(file, longDockerfile())
      const ours = join(folder, 'jettison.mjs')
      await bundle(ours)
      const parser = (name, ...args) => ({
        command: process.execPath,
        args: [join(root, 'bench/parse-often.mjs'), name, file, ...args],
      })
      const parsers = {
        jettison: parser('jettison', ours),
        'dockerfile-ast': parser('dockerfile-ast'),
        'dockerfile-ast with arguments': parser('dockerfile-ast', 'arguments'),
      }
      const warm = await inTurn(parsers, { rounds: 9, timeOf: ({ text }) => JSON.parse(text).warm })
      const first = await inTurn(parsers, { rounds: 9, timeOf: ({ text }) => JSON.parse(text).first })
      const firstCpu = await inTurn(parsers, {
        rounds: 9,
        timeOf: ({ text }) => JSON.parse(text).firstCpu,
      })
      return { ...warm, first, firstCpu }
    },
  },
}

/** The Dockerfiles that the conversions are tested with, over and over. */
function longDockerfile() {
  const golden = join(root, 'test/golden/slim')
  const all = readdirSync(golden)
    .sort()
    .map((name) => readFileSync(join(golden, name, 'Dockerfile'), 'utf8').replaceAll('\r\n', '\n'))
    .flatMap((text) => text.trimEnd().split('\n'))
  return Array.from({ length: lines }, (_, at) => `${all[at % all.length]}\n`).join('')
}

async function bundle(outfile) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/dockerfile/index.ts'],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  })
}
