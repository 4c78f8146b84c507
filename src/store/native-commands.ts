import { Fault } from '../base/index.ts'
import { decodePath, encodePath } from '../image/index.ts'
import type { DiskPath, Native } from './native.ts'
import { runSync } from './run-sync.ts'

/** `mknod` of coreutils, `setfattr` and `getfattr` of the attr package: where koffi is not installed. */
export function commandNative(): Native {
  return {
    mknod: (path, mode, { major, minor }) => {
      const type = (mode & 0o170000) === 0o060000 ? 'b' : (mode & 0o170000) === 0o010000 ? 'p' : 'c'
      const numbers = type === 'p' ? [] : [String(major), String(minor)]
      run('mknod', ['-m', (mode & 0o7777).toString(8), '--', argument(path), type, ...numbers])
    },
    setXattr: (path, name, value) => {
      const bytes = `0s${Buffer.from(value).toString('base64')}`
      run('setfattr', ['-h', '-n', name, '-v', bytes, '--', argument(path)])
    },
    xattrs: (root, paths) => {
      const wanted = new Set(paths)
      const text = run('getfattr', ['-RPhd', '-m', '-', '-e', 'base64', '--absolute-names', root])
      const all = parseGetfattr(text, root)
      return new Map([...all].filter(([path]) => wanted.has(path)))
    },
  }
}

/** Output of `getfattr -d -e base64`: `# file: PATH`, `name=0sBASE64` lines, a blank line. */
export function parseGetfattr(
  text: Buffer,
  root: string,
): ReadonlyMap<string, ReadonlyMap<string, Buffer>> {
  const out = new Map<string, Map<string, Buffer>>()
  let current: Map<string, Buffer> | undefined
  for (const line of text.toString('latin1').split('\n')) {
    if (line.startsWith('# file: ')) {
      const path = decodePath(unescapeOctal(line.slice('# file: '.length))).slice(root.length)
      current = new Map()
      out.set(path === '' ? '/' : path, current)
    } else if (line.includes('=')) {
      const at = line.indexOf('=')
      const value = line.slice(at + 1)
      const name = decodePath(unescapeOctal(line.slice(0, at)))
      current?.set(name, Buffer.from(value.replace(/^0s/, ''), 'base64'))
    }
  }
  return out
}

function unescapeOctal(text: string): Buffer {
  const plain = text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
  return Buffer.from(plain, 'latin1')
}

/** Arguments of a child process are strings to Node, so a path that is no UTF-8 cannot be passed. */
function argument(path: DiskPath): string {
  const text = typeof path === 'string' ? path : path.toString('utf8')
  if (typeof path !== 'string' && !encodePath(text).equals(path))
    throw new Fault('NATIVE_MISSING', `cannot pass the path ${JSON.stringify(text)} to a command`, {
      hint: 'Install the optional package koffi.',
    })
  return text
}

function run(command: string, args: readonly string[]): Buffer {
  const { error, status, stdout, stderr } = runSync(command, args, { maxBuffer: 2 ** 30 })
  if (error)
    throw new Fault('NATIVE_MISSING', `cannot run ${command}: ${error.message}`, {
      hint: 'Install the optional package koffi, or the system packages coreutils and attr.',
      cause: error,
    })
  if (status === 0) return stdout
  const message = stderr.toString('utf8').trim()
  const code = /not supported/i.test(message)
    ? 'ENOTSUP'
    : /not permitted/i.test(message)
      ? 'EPERM'
      : 'EIO'
  throw Object.assign(new Error(`${code}: ${command}: ${message}`), { code })
}
