import type { Document, Node, Pair } from 'yaml'
import { Fault, type Place, type Range, type Source } from '../base/index.ts'
import type { Origin } from '../gate/index.ts'
import { readUserFile } from './user-file.ts'

/** The value of a YAML file, and where each part of it stands. @throws Fault POLICY_INVALID */
export async function readYaml(
  path: string,
): Promise<{ readonly value: unknown; readonly origin: Origin }> {
  const source: Source = {
    name: path,
    text: readUserFile(path, { code: 'POLICY_INVALID', what: `read ${path}` }).toString('utf8'),
  }
  // The parser costs 20 ms to load, which a build without policies does not pay.
  const { parseDocument, isMap, isSeq, isScalar } = await import('yaml')
  const document = parseDocument(source.text)
  const [problem] = document.errors
  if (problem)
    throw notYaml(
      path,
      (problem.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
      problem,
      {
        source,
        range: { start: problem.pos[0], end: problem.pos[1] },
      },
    )
  const place = (key: readonly (string | number)[]): Place => {
    let node: unknown = document.contents
    let range: Range | undefined
    for (const part of key) {
      if (isMap(node)) {
        const pair = (node.items as readonly Pair[]).find(
          ({ key: name }) => isScalar(name) && name.value === part,
        )
        if (!pair) break
        range = rangeOf(pair.key as Node, source.text)
        node = pair.value
      } else if (isSeq(node) && typeof part === 'number') {
        node = node.items[part]
        range = rangeOf(node as Node, source.text) ?? range
      } else break
    }
    return range ? { source, range } : { source }
  }
  return { value: plainValue(document, path), origin: { name: path, place } }
}

/** A value as far as its first line goes. */
function rangeOf(node: Node | null | undefined, text: string): Range | undefined {
  const [start, end] = node?.range ?? []
  if (start === undefined || end === undefined) return undefined
  const line = text.indexOf('\n', start)
  return { start, end: line < 0 ? end : Math.min(end, line) }
}

/** Anchors that multiply are refused by the parser with an error of its own. */
function plainValue(document: Document, path: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw notYaml(path, error instanceof Error ? error.message : String(error), error)
  }
}

function notYaml(path: string, message: string, cause: unknown, at?: Place): Fault {
  return new Fault('POLICY_INVALID', `${path}: ${message}`, {
    ...{ kind: 'invalid', cause, at },
    hint: 'YAML is indented with blanks, and each key stands once',
  })
}
