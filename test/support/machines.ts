import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cli, cliOn, leftovers } from './jettison.ts'

/** Machines that know nothing of each other: stores in one folder. */
export type Machines = {
  /** Of all of them, and of what a test puts beside them. */
  readonly folder: string
  /** One that has never built anything. */
  readonly add: () => Cli
  /** Removes them. @returns what had outlived their commands */
  readonly close: () => readonly string[]
}

export function openMachines(name: string): Machines {
  const folder = mkdtempSync(join(tmpdir(), `jettison-e2e-${name}-`))
  const machines: Cli[] = []
  return {
    folder,
    add: () => {
      const machine = cliOn(join(folder, `store${machines.length + 1}`))
      machines.push(machine)
      return machine
    },
    close: () => {
      const left = machines.flatMap(({ store }) => leftovers(store))
      rmSync(folder, { recursive: true, force: true })
      return left
    },
  }
}
