import { readElfAt } from '../../analysis/index.ts'
import type { Side } from '../side.ts'
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
 * True for data that nothing in the image reads: all that it starts is Node or a JVM, which bring their own CA
 * certificates and ask for ports by number. An environment, an option or a source that names the data, or a native
 * module that links OpenSSL or curl, could read it.
 */
export function bringsOwnData(side: Side, path: string): boolean {
  if (!ofOthers.test(path)) return false
  const known = answers.get(side)
  if (known !== undefined) return known
  const programs = side.programs().map((one) => one.path ?? one.name)
  const own =
    programs.some((name) => runtimes.test(name)) &&
    programs.every((name) => runtimes.test(name) || starters.test(name) || inModules(name)) &&
    !side.env.some((line) => told.test(line)) &&
    !side.programs().some((one) => one.arguments.some((word) => told.test(word ?? ''))) &&
    !appTexts(side).some(({ text }) => told.test(text)) &&
    !linksNetwork(side)
  answers.set(side, own)
  return own
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
