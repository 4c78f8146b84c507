import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Report } from '../../src/report/index.ts'
import { storeWithBases } from '../support/bases.ts'
import type { Cli } from '../support/jettison.ts'

const example = join(import.meta.dirname, '../../examples/c-make')
const [fat, lean, broken] = ['e2e-compiled:fat', 'e2e-compiled:lean', 'e2e-compiled:broken']
let project: string
let jettison: Cli

/** The example over the base that gcc's image is made of, which other tests need as well. */
beforeAll(() => {
  jettison = storeWithBases(['buildpack-deps:bookworm', 'debian:bookworm-slim'])
  project = mkdtempSync(join(tmpdir(), 'jettison-e2e-compiled-'))
  cpSync(example, project, { recursive: true })
  const text = readFileSync(join(project, 'Dockerfile'), 'utf8')
  writeFileSync(
    join(project, 'Dockerfile'),
    text.replace('FROM gcc:12', 'FROM buildpack-deps:bookworm'),
  )
})

afterAll(async () => {
  await jettison.run(['rmi', fat, lean, broken])
  rmSync(project, { recursive: true, force: true })
})

let report: Report

test('a C project: its program, the files that it serves and the libraries that it links stay', async () => {
  const tags = ['--tag-fat', fat, '--tag', lean, '--mutations', '0', '--json']
  const ran = await jettison.run(['slim', ...tags, project])
  expect(ran).toMatchObject({ code: 0 })
  report = JSON.parse(ran.stdout) as Report
  expect(report).toMatchObject({ verdict: 'EQUIVALENT', refusal: null, repairs: [] })
  expect(report.proof.find(({ rung }) => rung === 'P6')).toMatchObject({ status: 'pass' })
  const inside = await jettison.run(['run', '--rm', lean, 'find', '/app', '-type', 'f'])
  expect(inside.stdout.trim().split('\n').sort()).toEqual(['/app/server', '/app/www/index.html'])
})

test('without a library that it links, and without what it serves, the proof is red by name', async () => {
  const text = (report.dockerfile?.text ?? '')
    .replace(/^.*libevent-2\.1-7 \\\n/m, '')
    .replace(/^COPY --from=builder \/app\/www .*\n/m, '')
  writeFileSync(join(project, 'Dockerfile'), text)
  await jettison.ok(['build', '-q', '-t', broken, project])
  const ran = await jettison.run(['prove', '--json', '--mutations', '0', fat, broken])
  expect(ran.code).toBe(1)
  expect(ran.stdout).toContain('libevent-2.1.so.7')
  expect(ran.stdout).toContain('/app/www/index.html')
})
