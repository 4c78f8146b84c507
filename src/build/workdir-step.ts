import { posix } from 'node:path'
import { Fault } from '../base/index.ts'
import type { WorkdirInstruction } from '../dockerfile/index.ts'
import { resolvePath } from '../image/index.ts'
import { inlineSource } from './inline-source.ts'
import { expand, type Job, placeOf } from './job.ts'
import { layerStep } from './layer-step.ts'
import type { CopyEntry } from './ports.ts'
import { type StageState, withConfig } from './state.ts'
import { resolveOwner } from './users.ts'

/** WORKDIR: makes the directory (0755, owned by USER) when it is missing; `/` makes no layer (BuildKit). */
export async function workdirStep(
  job: Job,
  state: StageState,
  instruction: WorkdirInstruction,
  label: string,
): Promise<StageState> {
  const given = expand(job, state.scope, instruction.path, instruction.range)
  // An absolute path is recorded as written, only a relative one is cleaned (BuildKit).
  const path = given.startsWith('/') ? given : posix.resolve(state.config.WorkingDir || '/', given)
  const config = { ...state.config, WorkingDir: path }
  if (path === '/') return withConfig(state, `WORKDIR ${path}`, config)
  const next = await layerStep(
    job,
    state,
    {
      title: `WORKDIR ${given}`,
      at: placeOf(job, instruction.range),
      createdBy: `WORKDIR ${path}`,
      definition: {
        ...{ op: 'workdir', path, user: state.config.User ?? '' },
        ...(job.epoch === null ? {} : { epoch: job.epoch }),
      },
      content: null,
      reads: { content: [], run: state.layers },
      execute: (io) => {
        const base = job.absent.here(state.layers)
        const below = job.ports.store.tree(base)
        const { uid, gid } = resolveOwner(below, state.config.User ?? '')
        const entries: CopyEntry[] = []
        const real = resolvePath(below, path).path
        if (below.lookup(real)?.kind !== 'dir') {
          const parts = real.split('/').filter(Boolean)
          for (let depth = 1; depth <= parts.length; depth++) {
            const to = `/${parts.slice(0, depth).join('/')}`
            const found = below.lookup(to)
            if (found && found.kind !== 'dir') throw notDirectory(to)
            entries.push({
              from: null,
              to,
              kind: 'dir',
              mode: found?.mode ?? 0o755,
              uid: found?.uid ?? uid,
              gid: found?.gid ?? gid,
              mtime: found?.mtime ?? job.epoch ?? job.request.epoch,
            })
          }
        }
        return job.ports.steps.copy({ parts: [{ source: inlineSource([]), entries }], base }, io)
      },
    },
    label,
  )
  return { ...next, config }
}

function notDirectory(path: string): Fault {
  return new Fault('COPY_CONFLICT', `cannot make directory ${path}: a file is in its place`, {
    hint: 'give WORKDIR another path, or remove the file with RUN first',
  })
}
