import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { closest, Fault } from '../base/index.ts'

/**
 * The page of a code: a fault, a rung, a policy, a refusal, a lint rule. Pages are the `## CODE` sections of docs/explain
 * and the files of docs/rules.
 * @throws Fault CODE_UNKNOWN
 */
export function explainCode(code: string): string {
  const pages = new Map([...readPages(), ...readRulePages()])
  const page = pages.get(code.toLowerCase())
  if (page !== undefined) return page
  const near = pages.get(closest(code.toLowerCase(), [...pages.keys()]) ?? '')?.split('\n', 1)[0]
  throw new Fault('CODE_UNKNOWN', `there is no page for ${code}`, {
    kind: 'invalid',
    hint: near
      ? `did you mean ${near}?`
      : 'a code stands in the last line of an error; rungs are P0 to P10',
  })
}

/** The page of every lint rule by its id in lower case: the files of docs/rules. */
function readRulePages(): ReadonlyMap<string, string> {
  const folder = docsFolder('rules')
  const files = readdirSync(folder).filter((name) => name.endsWith('.md'))
  return new Map(
    files.map((name) => [
      name.replace(/\.md$/, '').toLowerCase(),
      readFileSync(join(folder, name), 'utf8').replace(/^# /, '').trimEnd(),
    ]),
  )
}

/** Every other page by its code in lower case: the sections of docs/explain. */
export function readPages(): ReadonlyMap<string, string> {
  const folder = docsFolder('explain')
  const pages = new Map<string, string>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.md')))
    for (const section of readFileSync(join(folder, file), 'utf8')
      .split(/^(?=## )/m)
      .filter((text) => text.startsWith('## '))) {
      const code = /^## (\S+)/.exec(section)?.[1] ?? ''
      pages.set(code.toLowerCase(), section.replace(/^## /, '').trimEnd())
    }
  return pages
}

function docsFolder(name: string): string {
  for (let dir = import.meta.dirname; ; dir = dirname(dir)) {
    const folder = join(dir, 'docs', name)
    if (existsSync(folder)) return folder
    if (dir === dirname(dir))
      throw new Fault('PAGES_MISSING', `the folder docs/${name} of jettison is missing`, {
        kind: 'internal',
        hint: 'install jettison again',
      })
  }
}
