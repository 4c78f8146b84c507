/** RPM: its database in every format that rpm has had. In: a tree. Out: packages, their files, how they came. */
export { automaticInRpm } from './automatic.ts'
export { readRpm } from './read.ts'
export { unreadableRpm } from './stored-headers.ts'
