// `node parse-often.mjs PARSER DOCKERFILE [MODULE | arguments]`: prints seconds of its first parse, the processor's seconds
// of it on the thread that parses, and the median of twenty later ones as JSON, `{first, firstCpu, warm}`.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [name, file, extra] = process.argv.slice(2)
const text = readFileSync(file, 'utf8')
const parse = name === 'jettison' ? await ours() : await dockerfileAst()
onProcessor()
const [start, startCpu] = [process.hrtime.bigint(), onProcessor()]
parse()
const firstCpu = onProcessor() - startCpu
const first = secondsSince(start)
const later = Array.from({ length: 23 }, () => {
  const began = process.hrtime.bigint()
  parse()
  return secondsSince(began)
}).slice(3)
console.log(JSON.stringify({ first, firstCpu, warm: later.sort((a, b) => a - b)[10] }))

function secondsSince(began) {
  return Number(process.hrtime.bigint() - began) / 1e9
}

/** proc_pid_schedstat(5): what a machine that is busy with other things does not change. */
function onProcessor() {
  const stat = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1')
  return Number(stat.split(' ')[0]) / 1e9
}

async function ours() {
  const { parseDockerfile } = await import(pathToFileURL(extra).href)
  return () => parseDockerfile(text).value.instructions.length
}

async function dockerfileAst() {
  const { DockerfileParser } = await import('dockerfile-ast')
  return () => {
    const instructions = DockerfileParser.parse(text).getInstructions()
    if (extra === 'arguments')
      for (const instruction of instructions) {
        instruction.getArguments()
        instruction.getFlags?.()
      }
    return instructions.length
  }
}
