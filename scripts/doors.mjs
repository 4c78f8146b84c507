// A bundler plugin that decides what is loaded when. Sources enter a folder by its door (index.ts), and a door names
// everything in its folder, so a bundle that follows doors loads the whole house for any command. This one goes from
// each import straight to the file that has the name: a command then loads what it uses.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const statement = /^(import|export) (type )?\{([^}]*)\} from '(\.[^']*)'$/gm
const dynamic = /const \{([^}]*)\} = await import\('(\.[^']*)'\)/g
const late = /\bimport\(["'](\.[^"']*)["']\)/g

/**
 * @param source folder of the sources, absolute
 * @param together files in it that are loaded together: they and what they use become one part. Without being told,
 *   the bundler cuts shared code by who else uses it, into thirty parts that cost more to open than to run.
 */
export function throughDoors(source, together = []) {
  const texts = new Map()
  const imports = together.map((path) => `import ${JSON.stringify(join(source, path))}`)
  return {
    name: 'through-doors',
    setup({ onLoad, onStart }) {
      onStart(() => {
        for (const [path, text] of readSources(source)) texts.set(path, text)
        // Whatever is loaded later may say that it needs them, since they are there by then; so nobody else's needs
        // cut them up.
        for (const path of lateFiles(texts))
          if (!imports.some((line) => line.includes(JSON.stringify(path))))
            texts.set(path, [texts.get(path), ...imports].join('\n'))
      })
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        texts.has(path) ? { contents: texts.get(path), loader: 'ts' } : undefined,
      )
    },
  }
}

function* readSources(source) {
  const doors = new Map()
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
    const path = join(source, name)
    yield [path, redirect(doors, path, readFileSync(path, 'utf8'))]
  }
}

function lateFiles(texts) {
  const found = new Set()
  for (const [path, text] of texts)
    for (const [, spec] of text.matchAll(late)) found.add(join(dirname(path), spec))
  return [...found].filter((path) => texts.has(path))
}

function redirect(doors, path, text) {
  const from = dirname(path)
  const specifier = (file) => {
    const way = relative(from, file)
    return way.startsWith('.') ? way : `./${way}`
  }
  const lines = (names, spec, whole, line) => {
    const door = join(from, spec)
    if (!isDoor(door)) return whole
    return [...placesOf(doors, door, values(names))]
      .map(([file, parts]) => line(specifier(file), parts))
      .join('; ')
  }
  const list = (parts, as) => parts.map((part) => `${part.name}${as}${part.as}`).join(', ')
  const straight = (whole, word, type, names, spec) =>
    type
      ? whole
      : lines(names, spec, whole, (to, parts) => `${word} { ${list(parts, ' as ')} } from '${to}'`)
  const later = (whole, names, spec) =>
    lines(names.replaceAll(':', ' as '), spec, whole, (to, parts) => {
      return `const { ${list(parts, ': ')} } = await import('${to}')`
    })
  return text.replace(statement, straight).replace(dynamic, later)
}

const isDoor = (path) => path.endsWith('/index.ts') && existsSync(path)

/** `a, type B, c as d` without the types: `[{name: 'a', as: 'a'}, {name: 'c', as: 'd'}]`. */
function values(names) {
  const parts = names.split(',').map((part) => part.trim())
  return parts
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => {
      const [name, as = name] = part.split(/\s+as\s+/)
      return { name, as }
    })
}

/** The files behind a door that have the names, each with the names it has there. */
function placesOf(doors, door, parts) {
  const byFile = new Map()
  for (const { name, as } of parts) {
    const place = locate(doors, door, name)
    byFile.set(place.file, [...(byFile.get(place.file) ?? []), { name: place.name, as }])
  }
  return byFile
}

/** What no other file gives, a door defines itself. */
function locate(doors, door, name) {
  const { named, all } = doors.get(door) ?? readDoor(doors, door)
  const next = named.get(name) ?? (all.length === 1 ? { file: all[0], name } : undefined)
  if (!next) return { file: door, name }
  return isDoor(next.file) ? locate(doors, next.file, next.name) : next
}

function readDoor(doors, door) {
  const text = readFileSync(door, 'utf8')
  const named = new Map()
  for (const [, word, type, names, spec] of text.matchAll(statement))
    if (word === 'export' && !type)
      for (const { name, as } of values(names))
        named.set(as, { file: join(dirname(door), spec), name })
  const all = [...text.matchAll(/^export \* from '(\.[^']*)'$/gm)].map((match) =>
    join(dirname(door), match[1]),
  )
  const exits = { named, all }
  doors.set(door, exits)
  return exits
}
