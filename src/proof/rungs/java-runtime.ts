import { javaModules } from '../../analysis/index.ts'
import { count } from '../rung.ts'
import type { Side } from '../side.ts'
import type { LanguageCheck } from './languages.ts'

/** Modules that develop, watch and package: runtimes that only run leave them out. */
const notToRun =
  /^jdk\.(?:compiler|jartool|javadoc|jconsole|jdeps|jdi|jlink|jpackage|jshell|jstatd|attach|editpad|hotspot\.agent|internal\..*|jcmd|unsupported\.desktop|jfr|rmic|pack|scripting\.nashorn.*|management\.agent|jdwp\.agent)$/

/**
 * The modules of the Java runtime that the image starts. Providers of ciphers, character sets and locales are found by
 * name at run time, so that a runtime without them starts, and fails at the first request that needs one.
 */
export function javaRuntime(fat: Side, lean: Side): LanguageCheck {
  const nothing = { examined: 0, failures: [], notes: [], counted: '' }
  const started = fat.programs().find(({ name }) => /(?:^|\/)java$/.test(name))
  const twin = lean.programs().find(({ name }) => name === started?.name)
  if (started?.path === undefined || twin?.path === undefined) return nothing
  const [a, b] = [javaModules(fat.tree, started.path), javaModules(lean.tree, twin.path)]
  if (!a || !b) return nothing
  const theirs = new Set(b)
  const wanted = a.filter((name) => !notToRun.test(name))
  const path = twin.path
  return {
    examined: wanted.length,
    failures: wanted
      .filter((name) => !theirs.has(name))
      .map((name) => ({
        message: `the Java module ${name} is missing in lean's runtime`,
        subject: name,
        path,
        fat: 'there',
        lean: 'absent',
      })),
    notes: [],
    counted: count(wanted.length, 'Java module'),
  }
}
