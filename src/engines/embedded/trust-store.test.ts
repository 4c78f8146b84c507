import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runEnvironment } from './environment.ts'
import { javaTrustStore, trustStorePassword } from './trust-store.ts'

const bundle = '/etc/ssl/certs/ca-certificates.crt'
const hasKeytool = existsSync('/usr/bin/keytool')

test.skipIf(!hasKeytool || !existsSync(bundle))('keytool reads every certificate', () => {
  const dir = mkdtempSync(join(tmpdir(), 'jettison-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const pem = readFileSync(bundle)
  const file = join(dir, 'store')
  writeFileSync(file, javaTrustStore(pem))
  const listed = execFileSync(
    'keytool',
    ['-list', '-rfc', '-keystore', file, '-storepass', trustStorePassword],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const bodies = (text: string) =>
    [...text.matchAll(/BEGIN CERTIFICATE-+([^-]+)-/g)]
      .map(([, body]) => body?.replace(/\s/g, ''))
      .sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1))
  expect(bodies(listed)).toEqual(bodies(pem.toString()))
  expect(javaTrustStore(pem)).toBe(javaTrustStore(pem))
})

test('a step’s own options for its JVM stay, and come last', () => {
  const env = runEnvironment(['MAVEN_OPTS=-Xmx1g'], { ca: true, proxy: {} })
  expect(env.filter((line) => line.startsWith('MAVEN_OPTS='))).toEqual([
    expect.stringMatching(/^MAVEN_OPTS=-Djavax\.net\.ssl\.trustStore=\S+ .* -Xmx1g$/),
  ])
  expect(runEnvironment(['MAVEN_OPTS=-Xmx1g'], { ca: false, proxy: {} })).toEqual([
    'MAVEN_OPTS=-Xmx1g',
  ])
})
