import { trustStorePassword } from './trust-store.ts'

/** Variables that tell the usual tools where to find a certificate bundle. */
const caVariables = [
  'SSL_CERT_FILE',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'GIT_SSL_CAINFO',
  'CARGO_HTTP_CAINFO',
]

/** Where a RUN sees the bundle: on its own /dev, so over no path of the image (renaming over a mount fails). */
export const caPath = '/dev/.jettison-ca.pem'
/** The same for a JVM, which reads key stores only. */
export const trustStorePath = '/dev/.jettison-ca.jks'

/** Variables in which the start scripts of Maven, Gradle, sbt and the like take options for their JVM. */
const jvmVariables = ['MAVEN_OPTS', 'GRADLE_OPTS', 'SBT_OPTS', 'ANT_OPTS']
const jvmOptions = `-Djavax.net.ssl.trustStore=${trustStorePath} -Djavax.net.ssl.trustStorePassword=${trustStorePassword}`

/** Adds what a RUN needs to get out of this network, where the step does not set it itself. */
export function runEnvironment(
  env: readonly string[],
  options: { readonly ca: boolean; readonly proxy: Readonly<Record<string, string>> },
): readonly string[] {
  const known = new Set(env.map(nameOf))
  const ca = options.ca ? caVariables.map((name) => `${name}=${caPath}`) : []
  const proxy = Object.entries(options.proxy).map(([name, value]) => `${name}=${value}`)
  const added = [...ca, ...proxy].filter((line) => !known.has(nameOf(line)))
  return options.ca ? withJvmOptions([...env, ...added]) : [...env, ...added]
}

/** Options add up, so those of the step stay; one that names a store of its own comes after ours and wins. */
function withJvmOptions(env: readonly string[]): readonly string[] {
  const isOne = (line: string): boolean => jvmVariables.includes(nameOf(line))
  const own = new Map(env.filter(isOne).map((line) => [nameOf(line), line]))
  const lines = jvmVariables.map((name) => {
    const value = own.get(name)?.slice(name.length + 1)
    return `${name}=${value ? `${jvmOptions} ${value}` : jvmOptions}`
  })
  return [...env.filter((line) => !isOne(line)), ...lines]
}

function nameOf(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf('=')))
}
