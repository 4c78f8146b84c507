import { useState } from 'preact/hooks'
import type { PageData } from '../data.ts'
import { duration, size } from '../format.ts'
import { ciRows } from './ci-rows.ts'

const daysPerMonth = 30

/** Time and traffic of a pipeline: measured and estimated apart, with assumptions that the reader can change. */
export function CiTime({ data }: { readonly data: PageData }) {
  const given = data.report?.transfer?.assumptions
  const [assumptions, change] = useState({
    megabitsPerSecond: given?.megabitsPerSecond ?? 100,
    compressionRatio: given?.compressionRatio ?? 0.4,
    transfersPerRun: given?.transfersPerRun ?? 2,
    megabytesUnpackedPerSecond: 150,
    runsPerDay: 20,
    pricePerGigabyte: 0,
    pricePerMinute: 0,
  })
  const field = (name: keyof typeof assumptions, label: string, step: number) => (
    <label>
      {label}{' '}
      <input
        type="number"
        min={0}
        step={step}
        value={assumptions[name]}
        onInput={(event) => {
          const value = event.currentTarget.valueAsNumber
          const priced = name.startsWith('price')
          if (value > 0 || (priced && value === 0)) change({ ...assumptions, [name]: value })
        }}
      />
    </label>
  )
  const { rows, saved } = ciRows(data, assumptions)
  const monthly = assumptions.runsPerDay * daysPerMonth
  const price =
    (saved.bytes / 1e9) * assumptions.pricePerGigabyte +
    (saved.seconds / 60) * assumptions.pricePerMinute
  return (
    <section>
      <h2>
        Time in CI <small>each figure says whether it was measured</small>
      </h2>
      <div class="scroll-x">
        <table class="ci cards">
          <caption class="hidden-text">Time before and after</caption>
          <thead>
            <tr>
              <th scope="col">what</th>
              <th scope="col">how known</th>
              <th scope="col" class="number">
                before
              </th>
              <th scope="col" class="number">
                after
              </th>
              <th scope="col" class="number">
                change
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.what}>
                <th scope="row">{row.what}</th>
                <td class="dim" data-head="how known">
                  {row.how}
                </td>
                <td class="number" data-head="before">
                  {row.before}
                </td>
                <td class="number" data-head="after">
                  {row.after}
                </td>
                <td class="number" data-head="change">
                  {row.change}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        With the assumptions below:{' '}
        <b>{duration(Math.abs(saved.seconds) * assumptions.runsPerDay)}</b> a day and{' '}
        <b>{size(Math.abs(saved.bytes) * monthly)}</b> of traffic a month{' '}
        {saved.bytes >= 0 ? 'less' : 'more'}
        {price === 0
          ? '; give prices to see money.'
          : `, ${Math.abs(price * monthly).toFixed(2)} a month in your currency.`}
      </p>
      <fieldset class="assumptions">
        <legend>Assumptions</legend>
        {field('megabitsPerSecond', 'Mbit/s', 10)}
        {field('compressionRatio', 'compressed to', 0.05)}
        {field('transfersPerRun', 'transfers a run', 1)}
        {field('megabytesUnpackedPerSecond', 'unpacked MB/s', 10)}
        {field('runsPerDay', 'runs a day', 1)}
        {field('pricePerGigabyte', 'price a GB', 0.01)}
        {field('pricePerMinute', 'price a minute', 0.001)}
      </fieldset>
    </section>
  )
}
