import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { surveyed } from './survey.ts'

/** `main.ts FOLDER [--json]`: every file of the folder is a Dockerfile. Exit code 1 when one of them made a crash. */
const [folder, ...flags] = process.argv.slice(2)
if (folder === undefined || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  process.stderr.write('Usage: npm run survey -- FOLDER [--json]\n')
  process.exit(2)
}
const rows = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((one) => one.isFile())
  .map((one) => join(one.parentPath, one.name))
  .sort((a, b) => (a < b ? -1 : 1))
  .map((path) => surveyed(path, readFileSync(path, 'utf8')))

const counts: Record<string, number> = {}
for (const row of rows) for (const key of keysOf(row)) counts[key] = (counts[key] ?? 0) + 1

if (flags.includes('--json')) process.stdout.write(`${JSON.stringify({ counts, rows }, null, 2)}\n`)
else {
  const sorted = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
  process.stdout.write(sorted.map(([key, n]) => `${`${n}`.padStart(6)}  ${key}\n`).join(''))
}
process.exitCode = rows.some((row) => row.crash !== null) ? 1 : 0

function keysOf(row: ReturnType<typeof surveyed>): readonly string[] {
  return [
    'files',
    row.errors > 0 ? 'parse: with errors' : 'parse: without errors',
    row.findings > 0 ? 'lint: with findings' : 'lint: without findings',
    row.stages > 1 ? 'stages: several' : 'stages: one',
    `kind: ${row.ecosystem ?? 'none'}`,
    row.crash === null ? `outcome: ${row.outcome}` : 'crash',
    ...(row.planParses ? [] : ['plan: does not parse']),
  ]
}
