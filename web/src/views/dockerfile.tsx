import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { PageLine } from '../data.ts'
import { ChangeList } from '../parts/change-list.tsx'
import { Code, Gutter, type Selection } from '../parts/code-cells.tsx'
import { LineDetail } from '../parts/line-detail.tsx'
import { type LineFacts, lineFacts } from '../parts/line-facts.ts'
import { Scroll } from '../parts/scroll.tsx'
import { StageList } from '../parts/stage-list.tsx'
import type { ViewProps } from './props.ts'

type Side = 'before' | 'after'

/** Both Dockerfiles line by line, with the bytes that each instruction left in its image, and the stage graph. */
export function DockerfileView(props: ViewProps) {
  const { data, state, update, unified } = props
  if (!data.dockerfiles)
    return (
      <p class="empty">
        This page was made without a Dockerfile. <a href="#layers">Layers</a> shows the instructions
        that the image itself remembers.
      </p>
    )
  const sides: readonly Side[] = !data.after
    ? ['before']
    : state.side === 'both'
      ? ['before', 'after']
      : [state.side]
  const facts = { before: lineFacts(data, 'before'), after: lineFacts(data, 'after') }
  const table = { ...props, facts, sides }
  const one = unified && sides.length > 1
  return (
    <>
      {sides.length > 1 && (
        <p>
          <button type="button" onClick={() => update({ unified: !unified })}>
            {unified ? 'side by side' : 'in one column'}
          </button>
        </p>
      )}
      <Scroll label="Dockerfiles">{one ? <OneColumn {...table} /> : <Columns {...table} />}</Scroll>
      <p class="dim">
        The number at the first line of an instruction is what its layer weighs, at a FROM what the
        base weighs; press it for more. Bars are logarithmic. Dim lines run in a build stage: their
        bytes (outlined bars) stay there and are not in the image.
      </p>
      <ChangeList data={data} />
      <StageList data={data} />
    </>
  )
}

type TableProps = ViewProps & {
  readonly facts: Readonly<Record<Side, LineFacts>>
  readonly sides: readonly Side[]
}

function Columns(props: TableProps) {
  const { data, sides } = props
  const rows = (data.dockerfiles ?? []).filter((row) => sides.some((side) => row[side]))
  return (
    <table class={`code columns-${sides.length}`}>
      <caption class="hidden-text">Dockerfile with bytes by instruction</caption>
      <thead>
        <tr>
          {sides.map((side) => (
            <th key={side} scope="colgroup" colSpan={2}>
              Dockerfile <small>{data.after ? side : ''}</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Row key={index} {...props} row={row} columns={2 * sides.length}>
            {sides.flatMap((side) => [
              <Gutter key={`${side} bytes`} {...gutterOf(props, row, side)} />,
              <Code key={side} {...codeOf(props, row, side)} />,
            ])}
          </Row>
        ))}
      </tbody>
    </table>
  )
}

/** As a unified diff: what both have once, what went before what came. */
function OneColumn(props: TableProps) {
  const rows = (props.data.dockerfiles ?? []).flatMap(unifiedRows)
  return (
    <table class="code unified">
      <caption class="hidden-text">Dockerfiles in one column with bytes by instruction</caption>
      <thead>
        <tr>
          <th scope="col">before</th>
          <th scope="col">after</th>
          <th scope="col">Dockerfile</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, sides }, index) => {
          const side = sides.includes('after') ? 'after' : 'before'
          return (
            <Row key={index} {...props} row={row} sides={sides} columns={3}>
              {(['before', 'after'] as const).map((one) => (
                <Gutter
                  key={one}
                  {...gutterOf(props, row, one)}
                  {...(sides.includes(one) ? {} : { text: null })}
                />
              ))}
              <Code {...codeOf(props, row, side)} />
            </Row>
          )
        })}
      </tbody>
    </table>
  )
}

function unifiedRows(
  row: PageLine,
): readonly { readonly row: PageLine; readonly sides: readonly Side[] }[] {
  if (!isChanged(row)) return [{ row, sides: ['before', 'after'] }]
  return (['before', 'after'] as const)
    .filter((side) => row[side])
    .map((side) => ({ row, sides: [side] }))
}

/** A row, and below it what is known of its line when that is chosen. */
function Row({
  row,
  columns,
  children,
  ...props
}: TableProps & {
  readonly row: PageLine
  readonly columns: number
  readonly children: ComponentChildren
}) {
  const { data, state, update, sides, facts } = props
  const frame = useRef<HTMLTableRowElement>(null)
  const { line } = state
  const chosen =
    line && sides.includes(line.side) && row[line.side]?.line === line.line ? line : null
  useEffect(() => {
    if (chosen) frame.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen !== null])
  return (
    <>
      <tr ref={frame} {...(chosen ? { class: 'selected' } : {})}>
        {children}
      </tr>
      {chosen && (
        <tr>
          <td colSpan={columns}>
            <LineDetail
              {...{ data, state, update, row }}
              at={chosen}
              fact={facts[chosen.side].get(chosen.line)}
            />
          </td>
        </tr>
      )}
    </>
  )
}

function gutterOf(props: TableProps, row: PageLine, side: Side) {
  const { facts, state, update } = props
  const text = row[side]
  const all = [...facts.before.values(), ...facts.after.values()]
  const selection: Selection = { line: state.line, choose: (line) => update({ line }) }
  return {
    ...{ text, side, selection },
    fact: text ? facts[side].get(text.line) : undefined,
    most: Math.max(1, ...all.map(({ bytes }) => bytes ?? 0)),
    mark: markOf(row, side, props),
  }
}

function codeOf(props: TableProps, row: PageLine, side: Side) {
  const mark = markOf(row, side, props)
  return { text: row[side], mark, sign: { gone: '−', new: '+' }[mark] ?? ' ' }
}

function isChanged({ before, after }: PageLine): boolean {
  return before === null || after === null || before.text !== after.text
}

function markOf(row: PageLine, side: Side, { data }: TableProps): string {
  return data.after && row[side] && isChanged(row) ? (side === 'before' ? 'gone' : 'new') : ''
}
