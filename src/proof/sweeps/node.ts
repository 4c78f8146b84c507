import { findProgram } from '../../analysis/index.ts'
import { unneededPackages } from '../files/index.ts'
import { entryAt } from '../side.ts'
import { marker, moduleSeconds, type Sweeper, sorted } from './types.ts'

/**
 * Requires each path in a Node of its own, so that a crash of one addon says nothing about the next. Plain ES5 with
 * nothing but core modules: it has to run on any Node.
 */
const script = `
var spawn = require('child_process').spawnSync
var marker = process.argv[2], limit = Number(process.argv[3]) * 1000
JSON.parse(process.argv[1]).forEach(function (path) {
  var code = 'try { require(process.argv[1]) } catch (e) { process.stderr.write(String(e && e.message || e)); process.exit(9) } process.exit(0)'
  var ran = spawn(process.execPath, ['-e', code, path], { stdio: ['ignore', 'ignore', 'pipe'], timeout: limit })
  var text = String(ran.stderr || '').slice(0, 4000)
  var error = ran.status === 0 ? null : text || (ran.signal ? 'killed by ' + ran.signal : 'exit ' + ran.status)
  process.stdout.write(marker + JSON.stringify([path, error]) + '\\n')
})
`

/** Native addons (`*.node`) that production needs, and the packages that open them, each required by its path. */
export const nodeSweeper: Sweeper = {
  language: 'Node',
  sweepsOf: ({ fat }) => {
    const unneeded = unneededPackages(fat)
    const own = fat
      .nodeModules()
      .packages.filter(
        ({ path, natives }) =>
          natives.length > 0 &&
          !unneeded.has(path) &&
          (entryAt(fat.tree, path)?.layer ?? -1) >= fat.subject.baseLayers,
      )
    const modules = sorted(own.flatMap(({ path, natives }) => [path, ...natives]))
    const started = fat.programs().find(({ name }) => /(?:^|\/)node(?:js)?$/.test(name))?.path
    const interpreter = started ?? findProgram(fat.tree, fat.subject.config, 'node')
    if (modules.length === 0 || interpreter === undefined) return []
    return [
      {
        interpreter,
        modules,
        command: (names) => ['-e', script, JSON.stringify(names), marker, String(moduleSeconds)],
        verb: 'require',
      },
    ]
  },
}
