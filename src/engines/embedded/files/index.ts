/**
 * Files: what lies in a container or on this machine, read and written below a root that nothing leads out of.
 * In: an open root, a path, members. Out: members, or files.
 */
export { type HeldRoot, holdRoot } from './hold-root.ts'
export { copyFailed, locate, openRoot } from './inside.ts'
export { type Member, readMembers } from './read-members.ts'
export { writeMembers } from './write-members.ts'
