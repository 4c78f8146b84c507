import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const name = '@microsoft/sarif-multitool-linux'
const version = '5.7.0'
const cache = join(homedir(), '.cache', 'jettison', 'peers')

/** SARIF's reference validator, unpacked from its npm package beside the other peers; nothing is installed. */
function multitool(): string {
  const root = join(cache, `sarif-multitool-${version}`)
  if (existsSync(root)) return root
  const draft = `${root}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', `${name}@${version}`], {
      cwd: draft,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as readonly { readonly filename: string }[]
  const archive = (packed?.filename ?? '').replace('@', '').replace('/', '-')
  execFileSync('tar', ['-xzf', archive, '--strip-components=1'], { cwd: draft })
  rmSync(join(draft, archive))
  chmodSync(join(draft, 'Sarif.Multitool'), 0o755)
  if (existsSync(root)) rmSync(draft, { recursive: true })
  else renameSync(draft, root)
  return root
}

/** The schema of SARIF 2.1.0. */
export function sarifSchema(): object {
  return JSON.parse(readFileSync(join(multitool(), 'sarif-2.1.0.json'), 'utf8')) as object
}

/** What the validator says of a log, errors only. */
export function sarifErrors(file: string): readonly string[] {
  const env = 'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1'
  const command = `${env} "$0" validate "$1" 2>&1 || true`
  const told = execFileSync('sh', ['-c', command, join(multitool(), 'Sarif.Multitool'), file], {
    encoding: 'utf8',
  })
  if (!/scanned/.test(told)) throw new Error(`the validator did not run:\n${told}`)
  return told.split('\n').filter((line) => /\berror\b/.test(line))
}
