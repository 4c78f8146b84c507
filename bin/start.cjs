'use strict'
// Loads dist/cli together with the code that V8 made of it when it was built (scripts/build.mjs). Parsing and compiling
// would take longer than a build that finds every step in the cache. V8 itself refuses code of another Node or another
// processor, and compiles as it always does.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const main = join(__dirname, '../dist/cli/main.cjs')
const loaded = new Map()

/** `require` for the files of dist/cli, each a function of what a CommonJS module sees, called once. */
function load(path) {
  const known = loaded.get(path)
  if (known) return known.module.exports
  const code = `${path}.code`
  const script = new Script(readFileSync(path, 'latin1'), {
    filename: path,
    cachedData: existsSync(code) ? readFileSync(code) : undefined,
  })
  const module = { exports: {} }
  loaded.set(path, { module, script })
  const folder = dirname(path)
  const need = (name) => (name.startsWith('.') ? load(join(folder, name)) : require(name))
  script.runInThisContext()(module.exports, need, module, folder, path)
  return module.exports
}

/** Runs one command. */
exports.start = async (argv) => {
  process.exitCode = await load(main).main(argv)
}

/** Keeps the code of what was loaded, functions that ran included. */
exports.keepCode = () => {
  for (const [path, { script }] of loaded) writeFileSync(`${path}.code`, script.createCachedData())
}

/** Absolute paths of what was loaded so far. */
exports.loadedFiles = () => [...loaded.keys()]

if (require.main === module) void exports.start(process.argv.slice(2))
