import type { Report } from '../../../src/report/index.ts'
import { middle, visible } from '../format.ts'
import { Acceptance } from '../parts/acceptance.tsx'
import { Scroll } from '../parts/scroll.tsx'
import type { ViewProps } from './props.ts'

const words = {
  pass: '✔ pass',
  fail: '✖ fail',
  skip: '– not exercised',
  unproven: '? unproven',
} as const

/** The acceptance list and the proof, rung by rung, with what each one saw. */
export function Checks({ data, state, update }: ViewProps) {
  const { report } = data
  if (!report)
    return <p class="empty">This page shows images only: nothing was proved or checked.</p>
  const failing = (status: string): boolean => status === 'fail' || status === 'unproven'
  const rungs = report.proof.filter(({ status }) => !state.failures || failing(status))
  const items = report.acceptance
    .filter(({ pass }) => !state.failures || !pass)
    .toSorted((a, b) => Number(a.pass) - Number(b.pass))
  return (
    <>
      <p>
        <label class="switch">
          <input
            type="checkbox"
            checked={state.failures}
            onChange={() => update({ failures: !state.failures })}
          />{' '}
          failures only
        </label>
      </p>
      {report.refusal && (
        <section>
          <h2>Refused: {report.refusal.code}</h2>
          <p>{visible(report.refusal.message)}</p>
          <ul>
            {report.refusal.details.map((line) => (
              <li key={line}>{visible(line)}</li>
            ))}
          </ul>
        </section>
      )}
      {report.verdict && (
        <p class={`verdict ${report.verdict.toLowerCase()}`}>
          {report.verdict}
          {report.standInBases ? ' (stand-in bases)' : ''}
        </p>
      )}
      {report.acceptance.length > 0 && <Acceptance items={items} />}
      {report.proof.length > 0 && (
        <section>
          <h2>Proof</h2>
          {rungs.map((rung) => (
            <Rung key={rung.rung} rung={rung} />
          ))}
          {rungs.length === 0 && <p class="dim">nothing to show</p>}
        </section>
      )}
      {!state.failures && <Transcript report={report} />}
      <Lines title="Not exercised" lines={report.notExercised} />
      <Lines title="What would prove more" lines={report.wouldProve} />
      <Lines title="Repairs on the way" lines={report.repairs} />
    </>
  )
}

function Rung({ rung }: { readonly rung: Report['proof'][number] }) {
  return (
    <details class={`rung ${rung.status}`} open={rung.status === 'fail'}>
      <summary>
        <b>{words[rung.status]}</b> {rung.rung} {rung.title}: {visible(rung.summary)}
      </summary>
      <ul class="evidence">
        {rung.evidence.map((one, index) => (
          <li key={index}>
            {visible(one.message)}
            {one.fat !== undefined || one.lean !== undefined ? (
              <span class="dim">
                {' '}
                (before {answer(one.fat)}; after {answer(one.lean)})
              </span>
            ) : null}
          </li>
        ))}
        {rung.evidence.length === 0 && <li class="dim">nothing stood out</li>}
      </ul>
    </details>
  )
}

/** What both containers were asked and what they answered: the evidence of the differential probes as a table. */
function Transcript({ report }: { readonly report: Report }) {
  const asked = report.proof
    .filter(({ rung }) => rung === 'P7' || rung === 'P8')
    .flatMap(({ evidence }) => evidence)
    .filter(({ fat, lean }) => fat !== undefined || lean !== undefined)
  if (asked.length === 0) return null
  return (
    <section>
      <h2>
        Probes <small>what both were asked, and answered</small>
      </h2>
      <Scroll label="Probes">
        <table class="cards transcript">
          <caption class="hidden-text">Probes and answers before and after</caption>
          <thead>
            <tr>
              <th scope="col">asked</th>
              <th scope="col">before</th>
              <th scope="col">after</th>
            </tr>
          </thead>
          <tbody>
            {asked.map(({ message, fat, lean }, index) => (
              <tr key={index}>
                <th scope="row">{visible(message)}</th>
                <td class="mono" data-head="before">
                  {answer(fat)}
                </td>
                <td class="mono" data-head="after">
                  {answer(lean)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

function answer(text: string | undefined): string {
  return text === undefined ? 'nothing' : middle(visible(text), 600)
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{visible(line)}</li>
        ))}
      </ul>
    </section>
  )
}
