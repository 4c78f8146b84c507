import { resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import type { ContainerConfig } from '../image/index.ts'
import {
  exposedPorts,
  fromOpenApi,
  type Probe,
  parseProbe,
  parseProbeFile,
} from '../proof/index.ts'
import { readUserFile } from './user-file.ts'

/**
 * What `--probe` takes, read: a probe as it stands, `openapi:FILE`, or `file:FILE` (YAML or JSON, see docs/prove.md).
 * Requests of a file without a port go to the first port that the image exposes.
 * @throws Fault PROBE_INVALID, PROBE_FILE_INVALID
 */
export async function readProbes(
  texts: readonly string[],
  { cwd, image }: { readonly cwd: string; readonly image: ContainerConfig },
): Promise<readonly Probe[]> {
  const [port] = exposedPorts(image)
  const all = await Promise.all(
    texts.map(async (text): Promise<readonly Probe[]> => {
      const [, kind, name = ''] = /^\s*(openapi|file):\s*(\S.*?)\s*$/s.exec(text) ?? []
      if (kind === undefined) return [parseProbe(text)]
      const value = await readDocument(resolve(cwd, name), name)
      if (kind === 'file') return parseProbeFile(value, name, port)
      const { probes } = fromOpenApi(value, name, port)
      if (probes.length > 0) return probes
      throw new Fault(
        'PROBE_FILE_INVALID',
        `${name} documents no request that can be sent as it is`,
        {
          kind: 'invalid',
          hint: 'give required parameters an example, or write the requests into a probe file',
        },
      )
    }),
  )
  return all.flat()
}

async function readDocument(path: string, name: string): Promise<unknown> {
  const what = `the probe file ${name} cannot be read`
  const text = readUserFile(path, { code: 'PROBE_FILE_INVALID', what }).toString('utf8')
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  const [problem] = document.errors
  if (!problem) return document.toJS()
  const [message] = problem.message.split('\n')
  throw new Fault('PROBE_FILE_INVALID', `${name}: ${message}`, {
    kind: 'invalid',
    at: { source: { name, text }, range: { start: problem.pos[0], end: problem.pos[1] } },
    cause: problem,
  })
}
