import { describe, expect, test } from 'vitest'
import { parseDockerfile } from '../dockerfile/index.ts'
import { evaluate, type GateInput, nowhere, parsePolicyText, readPolicies } from './index.ts'

/** A Dockerfile alone, judged by the policies of a policy file. */
function judge(lines: readonly string[], file: object): ReturnType<typeof evaluate> {
  const origin = nowhere('jettison.yaml')
  const { policies, ignore } = parsePolicyText({ version: 1, ...file }, origin)
  const text = `${lines.join('\n')}\n`
  const input: GateInput = {
    dockerfile: { source: { name: 'Dockerfile', text }, value: parseDockerfile(text).value },
    runtimeBase: null,
    image: null,
    answers: new Map(),
    boot: null,
    health: null,
    notStarted: null,
    baseline: null,
    ignore,
    today: '2026-06-15',
  }
  return evaluate(readPolicies([{ policies, origin }]), input)
}

const order = { policies: { 'copy-order': 'error' } }

describe('copy-order', () => {
  test.each([
    ['pip', 'pip install --no-cache-dir -r requirements.txt', 'requirements.txt'],
    ['python -m pip', 'python -m pip install --requirement=a.txt', 'a.txt'],
    ['npm', 'npm ci --omit=dev', 'package*.json'],
    ['npm after another command', 'apt-get update && npm install', 'package*.json'],
    ['yarn', 'yarn install --frozen-lockfile', 'package.json yarn.lock'],
    ['bundler', 'bundle install', 'Gemfile Gemfile.lock'],
    ['go', 'go mod download', 'go.mod go.sum'],
    ['a line that goes on', 'pip install \\\n  -r requirements.txt', 'requirements.txt'],
  ])('%s after the whole context', (_, command, lists) => {
    const { results } = judge(['FROM x', 'WORKDIR /app', 'COPY . .', `RUN ${command}`], order)
    expect(results[0]).toMatchObject({ status: 'fail', line: 3, endLine: 3 })
    expect(results[0]?.fix).toContain(`COPY ${lists} ./`)
  })

  test.each([
    [
      'the list before',
      ['COPY requirements.txt .', 'RUN pip install -r requirements.txt', 'COPY . .'],
    ],
    ['the sources are what is installed', ['COPY . .', 'RUN pip install .']],
    ['one package by name', ['COPY . .', 'RUN npm install left-pad']],
    ['a script of the project', ['COPY . .', 'RUN yarn build']],
    ['out of another stage', ['COPY --from=x / /', 'RUN npm ci']],
    ['a part of the context', ['COPY src /src', 'RUN npm ci']],
  ])('in order: %s', (_, lines) => {
    expect(judge(['FROM x', ...lines], order)).toMatchObject({ pass: true })
  })
})

describe('ignores', () => {
  const wrong = ['FROM x', 'COPY . .', 'RUN npm ci']

  test('above the instruction, until their day, and told as not counted', () => {
    const with_ = (comment: string): ReturnType<typeof evaluate> =>
      judge(['FROM x', comment, ...wrong.slice(1)], order)
    const ignored = with_('# jettison ignore=copy-order reason="a small app" until=2026-06-15')
    expect(ignored).toMatchObject({ pass: true, warnings: [] })
    expect(ignored.results[0]?.notCounted).toEqual([
      '1 found ignored: a small app until 2026-06-15',
    ])
    const past = with_('# jettison ignore=copy-order reason=x until=2026-06-14')
    expect(past).toMatchObject({ pass: false })
    expect(past.warnings).toEqual([expect.stringContaining('ended on 2026-06-14')])
    expect(with_('# jettison: ignore=copy-order')).toMatchObject({ pass: false, warnings: [] })
  })

  test('one that is not above what it is about leaves it counted, and is told', () => {
    const result = judge(['# jettison ignore=copy-order reason=x', ...wrong], order)
    expect(result).toMatchObject({ pass: false })
    expect(result.warnings).toEqual([expect.stringMatching(/Dockerfile:2 meets nothing/)])
  })

  test.each([
    ['no reason', '# jettison ignore=copy-order'],
    ['no policy of that name', '# jettison ignore=copy-orders reason=x'],
    ['no such day', '# jettison ignore=copy-order reason=x until=2026-02-40'],
    ['another key', '# jettison ignore=copy-order reason=x for=ever'],
  ])('a wrong one is refused at its instruction: %s', (_, comment) => {
    expect(() => judge(['FROM x', comment, 'COPY . .'], order)).toThrow(
      expect.objectContaining({
        code: 'POLICY_INVALID',
        at: expect.objectContaining({ source: expect.objectContaining({ name: 'Dockerfile' }) }),
      }),
    )
  })

  test('of the policy file: one that meets nothing is told only when its policy was judged', () => {
    const ignore = [{ policy: 'no-docs', path: '/usr/share', reason: 'asked for' }]
    const unjudged = judge(wrong, { policies: { 'no-docs': 'error' }, ignore })
    expect(unjudged).toMatchObject({ undecided: true, warnings: [] })
    const about = [{ policy: 'copy-order', path: '/usr/share', reason: 'asked for' }]
    expect(judge(wrong, { ...order, ignore: about }).warnings).toEqual([
      'jettison.yaml, ignore of /usr/share meets nothing and can go: asked for',
    ])
  })
})

test('what lacks something to examine is undecided, and says what would help', () => {
  const result = judge(['FROM x'], { policies: { 'image-size': '1MB', 'max-growth': '1MB' } })
  expect(result).toMatchObject({ pass: false, undecided: true })
  for (const { status, fix } of result.results)
    expect([status, fix]).toEqual(['skip', expect.stringMatching(/./)])
  const warned = judge(['FROM x'], { policies: { 'image-size': { max: '1MB', level: 'warn' } } })
  expect(warned).toMatchObject({ pass: true, undecided: false })
})
