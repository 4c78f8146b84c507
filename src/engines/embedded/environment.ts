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

/** Adds what a RUN needs to get out of this network, where the step does not set it itself. */
export function runEnvironment(
  env: readonly string[],
  options: { readonly ca: boolean; readonly proxy: Readonly<Record<string, string>> },
): readonly string[] {
  const known = new Set(env.map(nameOf))
  const ca = options.ca ? caVariables.map((name) => `${name}=${caPath}`) : []
  const proxy = Object.entries(options.proxy).map(([name, value]) => `${name}=${value}`)
  return [...env, ...[...ca, ...proxy].filter((line) => !known.has(nameOf(line)))]
}

function nameOf(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf('=')))
}
