import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../test/support/temp-store.ts'
import { rowsOf } from './read.ts'

const python = '/usr/bin/python3'

/** Enough rows for a tree of several levels, made by SQLite itself. */
function database(): Buffer {
  const path = join(tempFolder(), 'db')
  const script = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("create table t (k integer primary key, v text)")
db.executemany("insert into t (v) values (?)", (("x" * 200 + str(i),) for i in range(2000)))
db.commit()
`
  execFileSync(python, ['-c', script, path])
  return readFileSync(path)
}

const rowsIn = (bytes: Buffer): ReturnType<typeof rowsOf> =>
  rowsOf((offset, length) => bytes.subarray(offset, offset + length), 't')

test.skipIf(!existsSync(python))(
  'every row of a tree, and none of one that leads back into itself',
  () => {
    const bytes = database()
    expect(rowsIn(bytes)?.map(([key]) => key)).toEqual(
      Array.from({ length: 2000 }, (_, at) => at + 1),
    )
    const size = bytes.readUInt16BE(16)
    const interior = Array.from({ length: bytes.length / size }, (_, at) => at * size).find(
      (at) => at > 0 && bytes[at] === 5,
    )
    if (interior === undefined) throw new Error('the table has one level only')
    // Its rightmost child becomes the page itself.
    bytes.writeUInt32BE(interior / size + 1, interior + 8)
    expect(rowsIn(bytes)).toBeUndefined()
  },
)

/**
 * A database in WAL mode whose last transactions are in the log only, as a process leaves it that was killed. The third
 * is not committed, and so large that its pages reached the log.
 */
function unfinished(): { readonly main: Buffer; readonly log: Buffer; readonly rows: unknown } {
  const folder = tempFolder()
  const script = `
import json, os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("pragma journal_mode=wal")
db.execute("pragma wal_autocheckpoint=0")
db.execute("pragma cache_size=10")
db.execute("create table t (k integer primary key, v text)")
db.execute("begin")
db.executemany("insert into t (v) values (?)", (("a" * 300 + str(i),) for i in range(300)))
db.execute("commit")
db.execute("pragma wal_checkpoint(truncate)")
db.execute("begin")
db.execute("delete from t where k % 3 = 0")
db.execute("insert into t (v) values (?)", ("b" * 20000,))
db.execute("commit")
rows = [list(row) for row in db.execute("select k, v from t order by k")]
db.execute("begin")
db.executemany("insert into t (v) values (?)", (("c" * 3000 + str(i),) for i in range(300)))
print(json.dumps(rows))
sys.stdout.flush()
os._exit(0)
`
  const rows = execFileSync(python, ['-c', script, join(folder, 'db')], { encoding: 'utf8' })
  const [main, log] = ['db', 'db-wal'].map((name) => readFileSync(join(folder, name)))
  if (!main || !log) throw new Error('no log')
  return { main, log, rows: JSON.parse(rows) }
}

test.skipIf(!existsSync(python))(
  'what the log has committed counts, and nothing else of it',
  () => {
    const { main, log, rows } = unfinished()
    const read = (from: Buffer, more?: Buffer): ReturnType<typeof rowsOf> =>
      rowsOf((offset, length) => from.subarray(offset, offset + length), 't', more)
    const before = read(main)
    expect(log.includes('c'.repeat(1000))).toBe(true)
    expect(read(main, log)).toEqual(rows)
    expect(before).not.toEqual(rows)
    // Without its commit, whose frame is torn, the second transaction has not happened.
    const torn = Buffer.from(log)
    torn[24 + 32] = (torn[24 + 32] ?? 0) ^ 1
    expect(read(main, torn)).toEqual(before)
    expect(read(main, Buffer.alloc(0))).toEqual(before)
  },
)
