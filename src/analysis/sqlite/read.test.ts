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
