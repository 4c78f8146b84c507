import type { TreeEntry } from '../../image/index.ts'
import { resolveDir, type StageFacts } from '../facts/index.ts'
import { copyLines, placesOf } from '../split/index.ts'
import { entriesOf, isLeftBehind } from '../system/index.ts'
import type { PlanInput, Step } from '../types.ts'

/** Directories that hold a whole system, so that copying them copies the tool chain as well. */
const systemDirs = /^\/(?:|usr|usr\/(?:lib|bin|local)|lib|bin|sbin|opt|var|etc)$/

const forBuilding = /\.(?:a|la|h|hpp|pc|cmake|o)$|\/(?:man|doc|aclocal|pkgconfig|cmake)(?:\/|$)/

/** Python's packages travel as one directory. */
const sites = ['/usr/local/lib/python', '/usr/lib/python3/dist-packages']

/** `COPY --from=builder / /` and its like, narrowed to what no system package owns and no base has. */
export function wideSteps(input: PlanInput, stage: StageFacts): readonly Step[] {
  const { fatTree: tree, fatDb: db, facts, leanBaseTree, leftovers } = input
  return stage.instructions.flatMap(({ instruction, before, layer }, index): readonly Step[] => {
    const from = instruction.flags.find((flag) => flag.name === 'from')?.value ?? null
    if (instruction.kind !== 'copy' || from === null || layer === null) return []
    const target = resolveDir(before.workdir, instruction.destination.text)
    const wide = instruction.sources.some(
      ({ text }) => systemDirs.test(resolveDir('/', text)) && resolveDir('/', text) === target,
    )
    if (!wide) return []
    const keeps = (entry: TreeEntry): boolean =>
      entry.layer >= facts.baseLayers &&
      !isLeftBehind(entry.path, leftovers) &&
      !forBuilding.test(entry.path) &&
      !db.ownerOf(entry.path) &&
      !/^\/(?:etc|var|usr\/(?:share|lib(?!\/python3\/dist-packages)\w*|s?bin)|lib\w*|s?bin)(?:\/|$)/.test(
        entry.path,
      ) &&
      !isSame(entry, leanBaseTree?.lookup(entry.path))
    const whole = sitesOf(tree, layer)
    const lines = copyLines(placesOf({ tree, layer, keeps, whole }), from)
    return [
      {
        instruction: index,
        builder: 'keep',
        runtime: lines.map((text) => ({ kind: 'text', text })),
      },
    ]
  })
}

/** Site directories that the copy brought packages to. */
function sitesOf(tree: PlanInput['fatTree'], layer: number): readonly string[] {
  const found = new Set<string>()
  for (const entry of entriesOf(tree)) {
    const site = /^(.*\/(?:site|dist)-packages)\/[^/]+\.dist-info$/.exec(entry.path)?.[1]
    if (site !== undefined && entry.layer === layer && sites.some((one) => site.startsWith(one)))
      found.add(site)
  }
  return [...found]
}

function isSame(entry: TreeEntry, own: TreeEntry | undefined): boolean {
  return own !== undefined && own.kind === entry.kind && own.size === entry.size
}
