/** SQLite: whole tables of a database file, read only. In: random access to bytes. Out: rows of values. */
export { columnsOf } from './columns.ts'
export { type ReadAt, rowsOf, type Value } from './read.ts'
