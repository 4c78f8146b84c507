// `node parse-often.mjs PARSER DOCKERFILE [MODULE | arguments]`: prints seconds of its first parse
// and the median of twenty later ones as JSON, `{first, warm}`.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [name, file, extra] = process.argv.slice(2)
const text = readFileSync(file, 'utf8')
const parse = name === 'jettison' ? await ours() : await dockerfileAst()
const times = Array.from({ length: 24 }, () => {
  const start = process.hrtime.bigint()
  parse()
  return Number(process.hrtime.bigint() - start) / 1e9
})
const [first, , , , ...later] = times
console.log(JSON.stringify({ first, warm: later.sort((a, b) => a - b)[10] }))

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
