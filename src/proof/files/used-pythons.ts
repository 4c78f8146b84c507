import type { PythonEnvironment } from '../../analysis/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'

/** The Python environments of fat that the app uses, as far as the image shows. */
export function usedPythons(fat: Side): readonly PythonEnvironment[] {
  return fat.environments().filter((one) => isUsed(one, fat))
}

/** Where a distribution's record begins: in its folder, or a file by itself. */
const records = ['/METADATA', '/PKG-INFO', '']

/**
 * Started by the image, or holding what the project installed. A system Python that other packages brought along, with
 * system packages only, is not used where the image starts another one.
 */
function isUsed(one: PythonEnvironment, fat: Side): boolean {
  if (isStarted(one, fat)) return true
  const others = fat.environments().some((other) => other !== one && isStarted(other, fat))
  const db = fat.packages()
  return one.distributions.some(
    ({ path }) =>
      isAbove(path, fat) &&
      !(others && records.some((name) => db?.ownerOf(path + name) !== undefined)),
  )
}

function isStarted({ interpreter }: PythonEnvironment, fat: Side): boolean {
  const real = targetOf(fat.tree, interpreter)?.path
  return fat
    .programs()
    .some(({ path }) => path !== undefined && targetOf(fat.tree, path)?.path === real)
}

function isAbove(path: string, { tree, subject }: Side): boolean {
  const entry = entryAt(tree, `${path}/METADATA`) ?? entryAt(tree, path)
  return entry !== undefined && entry.layer >= subject.baseLayers
}
