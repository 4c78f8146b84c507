import { dataReadBy, type ReadData, readElfAt } from '../../analysis/index.ts'
import { entryAt, type Side } from '../side.ts'
import { appTexts } from './imports.ts'

/** Runtimes with certificates, names of services and settings of TLS of their own. */
const runtimes = /(?:^|\/)(?:node|nodejs|java)$/

/** Programs that only start others. */
const starters =
  /(?:^|\/)(?:sh|bash|dash|env|exec|docker-entrypoint\.sh|tini|dumb-init|gosu|su-exec|npm|npx|yarn|yarnpkg|pnpm|pm2|pm2-runtime|cd|echo|export|test|\[|true|set|__cacert_entrypoint\.sh|mvn-entrypoint\.sh)$/

/** Data of the system that these runtimes read only when something tells them to. */
const ofOthers =
  /^\/etc\/(?:ssl\/(?:openssl\.cnf|certs\/ca-certificates\.crt)|services|protocols|rpc|ethertypes)$/

const told =
  /--use-openssl-ca|--use-system-ca|SSL_CERT_(?:FILE|DIR)|NODE_EXTRA_CA_CERTS|OPENSSL_CONF|openssl-config|USE_SYSTEM_CA_CERTS|\/etc\/(?:ssl|services|protocols)\b|ca-certificates\.crt/

const answers = new WeakMap<Side, boolean>()

/**
 * True for data that nothing in the image reads: all that it starts are compiled programs of the project in which no
 * sign of it stands, or Node or a JVM, which bring their own CA certificates and ask for ports by number. An environment, an option or a source that names the data, or a native
 * module that links OpenSSL or curl, could read it.
 */
export function bringsOwnData(side: Side, path: string): boolean {
  if (!ofOthers.test(path)) return false
  const programs = compiledPrograms(side)
  if (programs !== undefined) return !dataRead(side, programs).has(dataOf(path))
  const known = answers.get(side)
  if (known !== undefined) return known
  const names = side.programs().map((one) => one.path ?? one.name)
  const own =
    names.some((name) => runtimes.test(name)) &&
    names.every((name) => runtimes.test(name) || starters.test(name) || inModules(name)) &&
    !side.env.some((line) => told.test(line)) &&
    !side.programs().some((one) => one.arguments.some((word) => told.test(word ?? ''))) &&
    !appTexts(side).some(({ text }) => told.test(text)) &&
    !linksNetwork(side)
  answers.set(side, own)
  return own
}

function dataOf(path: string): ReadData {
  return path.startsWith('/etc/ssl/') ? 'ca-certificates' : 'services'
}

const reads = new WeakMap<Side, ReturnType<typeof dataReadBy>>()

function dataRead(side: Side, programs: readonly string[]): ReturnType<typeof dataReadBy> {
  const known = reads.get(side) ?? dataReadBy(side.tree, programs, side.env)
  reads.set(side, known)
  return known
}

/**
 * The compiled programs of the project, when all that the image starts is one of them or a program that starts others.
 * What they read by a fixed path stands in them; a script or another runtime may read anything, and has none.
 */
function compiledPrograms(side: Side): readonly string[] | undefined {
  const started = side.programs().flatMap(({ path }) => path ?? [])
  const own = (path: string): boolean =>
    (entryAt(side.tree, path)?.layer ?? -1) >= side.subject.baseLayers &&
    side.packages()?.ownerOf(path) === undefined &&
    readElfAt(side.tree, path) !== undefined
  if (
    !started.some(own) ||
    !started.every((path) => own(path) || starters.test(path) || isShellScript(side, path))
  )
    return undefined
  const others = side
    .ownEntries()
    .filter(({ kind, path }) => kind === 'file' && isProgramPlace(path))
  return [...new Set([...started, ...others.map(({ path }) => path)])].filter(own)
}

/** Its commands are listed as programs of their own. */
function isShellScript({ tree }: Side, path: string): boolean {
  const { size = 0 } = tree.lookup(path) ?? {}
  const head =
    size === 0 ? new Uint8Array() : tree.read(path, { offset: 0, length: Math.min(64, size) })
  return /^#!.*\b(?:sh|bash|dash|ash)\b/.test(new TextDecoder().decode(head))
}

/** Where a person, or a compose file, would find another program of the image. */
function isProgramPlace(path: string): boolean {
  return /\/s?bin\/[^/]+$/.test(path)
}

/** A script of a package, which the runtime itself runs. */
function inModules(name: string): boolean {
  return /\/node_modules\//.test(name)
}

function linksNetwork(side: Side): boolean {
  return side
    .nodeModules()
    .packages.flatMap(({ natives }) => natives)
    .some((path) =>
      readElfAt(side.tree, path)?.needed.some((name) =>
        /^lib(?:ssl|crypto|curl|gnutls)\b/.test(name),
      ),
    )
}
