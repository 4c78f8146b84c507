import type { SpawnSyncOptionsWithBufferEncoding, SpawnSyncReturns } from 'node:child_process'

/** `spawnSync`. node:child_process brings the sockets along, 2 ms that a command which starts nothing does not pay. */
export function runSync(
  command: string,
  args: readonly string[],
  options: SpawnSyncOptionsWithBufferEncoding = {},
): SpawnSyncReturns<Buffer> {
  return process.getBuiltinModule('node:child_process').spawnSync(command, args, options)
}
