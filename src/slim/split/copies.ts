import type { FileTree, TreeEntry } from '../../image/index.ts'
import type { InstructionFacts, StageFacts } from '../facts/index.ts'
import { entriesOf, isLeftBehind } from '../system/index.ts'
import type { PlanInput, Refusal, RuntimePiece } from '../types.ts'
import { isSayable } from './literal.ts'
import { changesOwners, directoryOwners, isOwnerRun, ownersOf } from './owners.ts'
import { copyLines, type Places, placesOf } from './places.ts'
import { refused } from './refused.ts'
import { isReplaced } from './replaced.ts'
import { madeBy } from './side-effects.ts'
import type { Survey } from './survey.ts'
import type { Recipe, RoledRun } from './types.ts'
import { worksOn } from './works-on.ts'

/** What the runtime gets of an instruction that the builder carries out. */
export type Copies = {
  /** COPY lines for what a RUN left; a refusal when nobody knows what that is. */
  readonly ofRun: (index: number) => readonly RuntimePiece[] | Refusal
  /** A COPY or ADD as the runtime has it: as written, narrowed to what is kept, or not at all. */
  readonly ofCopy: (index: number) => readonly RuntimePiece[]
}

const maxCopies = 8
/** Never read at run time; a COPY that is narrowed for another reason leaves it out as well. */
const buildFile = /\/(?:Dockerfile(?:\.[\w.-]+)?|[\w.-]+\.Dockerfile|\.dockerignore)$/
const forBuilding = /\.(?:a|la|h|hpp|pc|cmake|o)$|\/(?:man|doc|aclocal|pkgconfig|cmake)(?:\/|$)/

/** Decides for the stage what is copied from the builder; a path that one line brought is not brought again. */
export function copiesOf(
  input: PlanInput,
  stage: StageFacts,
  {
    survey,
    recipe,
    builder,
  }: { readonly survey: Survey; readonly recipe: Recipe; readonly builder: string },
): Copies {
  const { facts, fatTree: tree, fatDb: db, leftovers } = input
  const owners = ownersOf(input)
  const workdirs = new Set(stage.instructions.map(({ before }) => before.workdir))
  const done: string[] = []
  /** Every COPY that a repeated RUN works on before another one takes over what it brought. */
  const stayed = new Set<number>()
  const kept = (entry: TreeEntry): boolean =>
    entry.layer >= facts.baseLayers &&
    !isLeftBehind(entry.path, leftovers) &&
    !db.ownerOf(entry.path) &&
    (recipe.keeps?.(entry.path) ?? true)
  const take = (
    layer: number,
    keeps: (entry: TreeEntry) => boolean,
  ): ReturnType<typeof placesOf> => {
    const found = placesOf({ tree, layer, whole: recipe.whole ?? [], keeps })
    const fresh = (path: string): boolean =>
      !done.some((dir) => path === dir || path.startsWith(`${dir}/`))
    const places = {
      directories: found.directories.filter(fresh),
      files: found.files.filter(fresh),
      links: (found.links ?? []).filter(({ path }) => fresh(path)),
    }
    done.push(...places.directories)
    return places
  }
  return {
    ofRun: (index) => {
      const one = stage.instructions[index]
      if (one?.instruction.kind !== 'run') return []
      if (one.layer === null)
        return refused(one, facts, 'what it made cannot be told from the layers of the image')
      const run = survey.runs.get(index)
      const made = run ? madeBy(run, tree) : () => true
      const built = (entry: TreeEntry): boolean =>
        !forBuilding.test(entry.path) && !buildFile.test(entry.path) && kept(entry) && made(entry)
      const all = take(one.layer, built)
      const source = [...all.directories, ...all.files].find((path) => path.startsWith('/etc/apt/'))
      if (source !== undefined && survey.named.some(({ buildOnly }) => !buildOnly))
        return refused(one, facts, `it adds a package source (${source})`)
      const places = { ...all, files: all.files.filter((path) => !path.startsWith('/etc/apt/')) }
      const odd = pathsOf(places).find((path) => !isSayable(path))
      if (odd !== undefined)
        return refused(one, facts, `no COPY can name a file that it leaves: ${JSON.stringify(odd)}`)
      const lines = copyLines(places, builder, owners)
      if (lines.length > maxCopies)
        return refused(one, facts, `it leaves files in ${lines.length} places`)
      // What stayed as a COPY keeps its directories, whose owners no later COPY changes.
      const again = stayed.size > 0 && isOwnerRun(run) && onlyChangesOwners(run)
      if (again) return [...texts(lines), { kind: 'same' }]
      const ofDirectories = isOwnerRun(run)
        ? directoryOwners(tree, one.layer, places, { owners, workdirs })
        : []
      return texts([
        ...lines,
        ...ofDirectories,
        ...(linksLibraries(places.files) ? ['RUN ldconfig'] : []),
      ])
    },
    ofCopy: (index) => {
      const one = stage.instructions[index]
      if (!one || recipe.keeps === undefined || one.layer === null || hasFrom(one))
        return [{ kind: 'same' }]
      if (isReplaced(tree, stage, index, survey.runs)) return []
      const { layer } = one
      const later = [...survey.runs].filter(([at]) => at > index)
      const taken = later.find(([, run]) => isTakenOver(run))?.[0] ?? Number.POSITIVE_INFINITY
      if (later.some(([at, run]) => at < taken && worksOn(run, one, tree))) {
        stayed.add(index)
        return [{ kind: 'same' }]
      }
      if (taken === Number.POSITIVE_INFINITY && takesAll(tree, layer, kept))
        return [{ kind: 'same' }]
      const narrowed = (entry: TreeEntry): boolean => kept(entry) && !buildFile.test(entry.path)
      const places = take(layer, narrowed)
      // As written it brings more than is needed, and nothing less.
      if (!pathsOf(places).every(isSayable)) return [{ kind: 'same' }]
      return texts(copyLines(places, builder, owners))
    },
  }
}

/** A RUN of the builder that changes owners has all that it changed in its own layer. */
function isTakenOver(run: RoledRun): boolean {
  return isOwnerRun(run) && (run.commands ?? []).some(({ role }) => role.kind === 'tool')
}

function onlyChangesOwners(run: RoledRun | undefined): boolean {
  return (run?.commands ?? []).every(({ role, command }) =>
    role.kind === 'tool' ? changesOwners(command) : role.kind === 'shell-state',
  )
}

function pathsOf({ directories, files, links = [] }: Places): readonly string[] {
  return [...directories, ...files, ...links.flatMap(({ path, to }) => [path, to])]
}

function texts(lines: readonly string[]): readonly RuntimePiece[] {
  return lines.map((text) => ({ kind: 'text', text }))
}

function linksLibraries(files: readonly string[]): boolean {
  return files.some((path) => /^\/usr\/local\/lib\/[^/]+\.so/.test(path))
}

function hasFrom({ instruction }: InstructionFacts): boolean {
  return instruction.flags.some((flag) => flag.name === 'from')
}

function takesAll(tree: FileTree, layer: number, kept: (entry: TreeEntry) => boolean): boolean {
  for (const entry of entriesOf(tree))
    if (entry.layer === layer && entry.kind !== 'dir' && !isByteCode(entry) && !kept(entry))
      return false
  return true
}

/** Written beside the sources whenever they run; not worth taking a COPY apart for. */
function isByteCode({ path }: TreeEntry): boolean {
  return path.endsWith('.pyc')
}
