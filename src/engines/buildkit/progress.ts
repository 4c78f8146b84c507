import type { EventSink } from '../../base/index.ts'
import type { StepCounts } from './ask.ts'

/** Reads `--progress=plain` of BuildKit's clients. */
export interface PlainProgress {
  line(text: string): void
  counts(): StepCounts
  /** What the client said last of what went wrong, without the frame that it draws around it. */
  errors(): readonly string[]
}

type Step = { readonly step: string; readonly title: string; ended: boolean }

/**
 * `#7 [2/4] RUN make`, `#7 0.21 output`, `#7 CACHED`, `#7 DONE 1.2s`, `#7 ERROR: …`, `#7 CANCELED`. Steps of the
 * Dockerfile have their stage in brackets; the client's own (`[internal] …`, `exporting …`) are not told of.
 */
export function plainProgress(emit: EventSink): PlainProgress {
  const steps = new Map<string, Step>()
  const lines: string[] = []
  let ran = 0
  let cached = 0
  const end = (known: Step, outcome: 'done' | 'cached' | 'failed' | 'canceled'): void => {
    if (known.ended) return
    known.ended = true
    if (outcome === 'cached') cached += 1
    if (outcome === 'done') ran += 1
    emit({ kind: 'step-end', step: known.step, title: known.title, outcome })
  }
  const ofStep = (id: string, rest: string): void => {
    const known = steps.get(id)
    if (!known) {
      const [, step = '', title = ''] = /^(\[(?!internal\]|auth\])[^\]]*\]) (.*)$/.exec(rest) ?? []
      if (step === '') return
      steps.set(id, { step, title, ended: false })
      emit({ kind: 'step-start', step, title })
    } else if (rest === 'CACHED') end(known, 'cached')
    else if (/^DONE \d/.test(rest)) end(known, 'done')
    else if (rest.startsWith('ERROR')) end(known, 'failed')
    else if (rest.startsWith('CANCELED')) end(known, 'canceled')
    else {
      const output = /^\d+\.\d+ (.*)$/.exec(rest)?.[1]
      if (output !== undefined)
        emit({
          ...{ kind: 'step-output', step: known.step, stream: 'stdout' },
          bytes: new TextEncoder().encode(`${output}\n`),
        })
    }
  }
  return {
    line: (text) => {
      const step = /^#(\d+) (.*)$/.exec(text)
      if (step) return ofStep(step[1] ?? '', step[2] ?? '')
      if (text.trim() !== '') lines.push(text)
      if (lines.length > 60) lines.shift()
    },
    counts: () => ({ ran, cached }),
    errors: () => lines.filter((text) => !/^-+$/.test(text)).slice(-12),
  }
}
