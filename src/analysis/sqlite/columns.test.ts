import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../test/support/temp-store.ts'
import { columnsOf } from './columns.ts'
import { rowsOf } from './read.ts'

const python = '/usr/bin/python3'

const tables = {
  plain: 'create table plain (a integer primary key, b text)',
  quoted: 'create table quoted ("a b" integer, [c,d] text, `e` blob, "f""g" int)',
  constrained:
    "create table constrained (a integer references plain(a), -- first, of two\n b text default (max('x', ',')) /* (and, more) */, c, constraint one unique (a, b), check (a > 1), primary key (b), foreign key (c) references plain (a))",
  altered: 'create table altered (a integer)',
}

test.skipIf(!existsSync(python))('names are those that SQLite lists', () => {
  const path = join(tempFolder(), 'db')
  const script = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for sql in json.loads(sys.argv[2]): db.execute(sql)
db.execute("alter table altered add column z text default 'a, b'")
db.execute("insert into altered values (1, 'z')")
db.commit()
names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
print(json.dumps({name: [row[1] for row in db.execute(f"pragma table_info({name})")] for name in names}))
`
  const told = JSON.parse(
    execFileSync(python, ['-c', script, path, JSON.stringify(Object.values(tables))], {
      encoding: 'utf8',
    }),
  ) as Record<string, readonly string[]>
  const bytes = readFileSync(path)
  const readAt = (offset: number, length: number): Buffer => bytes.subarray(offset, offset + length)
  const read = Object.keys(told).map((name) => [name, columnsOf(readAt, name)] as const)
  expect(Object.fromEntries(read)).toEqual(told)
  expect(Object.keys(told)).toEqual(expect.arrayContaining(Object.keys(tables)))
  expect(columnsOf(readAt, 'none')).toBeUndefined()
  expect(rowsOf(readAt, 'altered')).toEqual([[1, 'z']])
})
