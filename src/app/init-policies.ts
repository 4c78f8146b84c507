import { existsSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Fault, formatSize } from '../base/index.ts'
import { nowhere, type PolicyResult, presets, readPolicies } from '../gate/index.ts'
import { build } from './build.ts'
import { findDockerfile } from './dockerfile-file.ts'
import { gate } from './gate.ts'
import { imageSize } from './images.ts'
import type { Session } from './session.ts'

/**
 * Writes a jettison.yaml that the folder's image passes today: the recommended policies, what fails as a warning, and
 * ten per cent of room above the size. @returns the path
 * @throws Fault POLICY_EXISTS
 */
export async function initPolicies(
  session: Session,
  options: { readonly target: string; readonly file?: string | undefined; readonly cwd: string },
): Promise<string> {
  const folder = resolve(options.cwd, options.target)
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new Fault('USAGE', '--init takes the folder of a project', { kind: 'invalid' })
  const path = join(folder, 'jettison.yaml')
  if (existsSync(path))
    throw new Fault('POLICY_EXISTS', `${path} is already there`, {
      kind: 'invalid',
      hint: 'change it, or remove it first',
    })
  const { target: context, file, cwd } = options
  const built = await build(session, { context, file, cwd })
  const dockerfile = findDockerfile(folder, options.file, options.cwd).source
  const policies = readPolicies([{ origin: nowhere('recommended'), policies: presets.recommended }])
  const { result } = await gate(session, policies, dockerfile, { name: basename(folder), ...built })
  const failing = result.results.filter(
    ({ status, level }) => status === 'fail' && level === 'error',
  )
  writeFileSync(path, text(imageSize(session, built.image), failing), { flag: 'wx' })
  return path
}

function text(size: number, failing: readonly PolicyResult[]): string {
  return [
    '# yaml-language-server: $schema=node_modules/jettison-cli/schemas/policy-1.json',
    'version: 1',
    'extends: recommended',
    'policies:',
    `  # ${formatSize(size)} when this was written, and ten per cent of room`,
    `  image-size: { max: ${roundUp(size * 1.1)} }`,
    ...failing.flatMap(({ id, found }) => [
      `  # found ${found.replace(/\s+/g, ' ')}: make it an error again when it is gone`,
      `  ${id}: ${level(id)}`,
    ]),
    '',
  ].join('\n')
}

/** The preset's own options, as a warning. */
function level(id: string): string {
  const given = presets.recommended[id]
  if (given === null || typeof given !== 'object') return 'warn'
  const options = Object.entries(given).map(([name, value]) => `${name}: ${String(value)}`)
  return `{ ${[...options, 'level: warn'].join(', ')} }`
}

function roundUp(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)}MB`
}
