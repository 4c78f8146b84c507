import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowsOf, type Value } from './read.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jettison-sqlite-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Rows that SQLite itself gives back, as JSON, and the bytes of its file. */
function written(
  script: string,
  pageSize = 4096,
): { readonly bytes: Uint8Array; readonly rows: readonly (readonly Value[])[] } {
  const file = join(folder, `${Math.random()}.sqlite`)
  const program = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA page_size = ${pageSize}")
${script}
db.commit()
rows = db.execute("SELECT * FROM things").fetchall()
print(json.dumps([[{"hex": v.hex()} if isinstance(v, bytes) else v for v in row] for row in rows]))
db.close()
`
  const text = execFileSync('python3', ['-c', program, file], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const rows = JSON.parse(text, (_, value: unknown) =>
    value !== null && typeof value === 'object' && 'hex' in value
      ? Uint8Array.from(Buffer.from(String(value.hex), 'hex'))
      : value,
  ) as readonly (readonly Value[])[]
  return { bytes: readFileSync(file), rows }
}

function read(bytes: Uint8Array, table = 'things'): readonly (readonly Value[])[] | undefined {
  return rowsOf((offset, length) => bytes.subarray(offset, offset + length), table)
}

/** One text, because comparing a million bytes one by one takes seconds. */
function shown(rows: readonly (readonly Value[])[] | undefined): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
}

test('every storage class, small numbers and large ones', () => {
  const { bytes, rows } = written(`
db.execute("CREATE TABLE other (x)")
db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, a, b)")
for n in [0, 1, -1, 127, -128, 32767, -32768, 8388607, -8388608, 2**31 - 1, -2**31, 2**47 - 1, -2**47, 2**52]:
    db.execute("INSERT INTO things (a, b) VALUES (?, ?)", (n, n / 7))
db.execute("INSERT INTO things (a, b) VALUES (?, ?)", ("text, \\u00fcber", b"\\x00\\xff"))
db.execute("INSERT INTO things (a, b) VALUES (?, ?)", (None, ""))`)
  expect(rows.length).toBe(16)
  expect(read(bytes)).toEqual(rows)
})

for (const pageSize of [512, 4096, 65536])
  test(`hundreds of rows and long ones, on pages of ${pageSize} bytes`, () => {
    const { bytes, rows } = written(
      `
db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, blob BLOB)")
db.executemany("INSERT INTO things (blob) VALUES (?)", [(bytes([n % 251]) * (n * 37 % 3000),) for n in range(600)])
db.execute("INSERT INTO things (blob) VALUES (?)", (bytes(range(256)) * 400,))
db.execute("DELETE FROM things WHERE id % 3 = 0")`,
      pageSize,
    )
    expect(rows.length).toBeGreaterThan(300)
    expect(shown(read(bytes))).toBe(shown(rows))
  })

test('what is no database, or a damaged one, gives nothing or less, and never throws', () => {
  const { bytes } = written(`
db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, blob BLOB)")
db.executemany("INSERT INTO things (blob) VALUES (?)", [(bytes(n),) for n in range(500)])`)
  expect(read(bytes, 'nothing')).toBeUndefined()
  expect(read(new Uint8Array(0))).toBeUndefined()
  expect(read(bytes.subarray(0, 5000))).toBeUndefined()
  for (let at = 0; at < 400; at += 1) {
    const damaged = Uint8Array.from(bytes)
    damaged[(at * 7919) % damaged.length] = (at * 31) & 0xff
    expect(() => read(damaged)).not.toThrow()
  }
})
