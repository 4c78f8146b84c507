// Asks what this machine can reach, each through the configuration that its own client uses.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianPackages, tools } from './bootstrap.mjs'
import { capture, found } from './run.mjs'

/** Every answer: null when the service answers, else why it does not. */
export async function preflight() {
  const [registry, debian] = await Promise.all([containerRegistry(), debianMirror()])
  const pypi = await packageIndex()
  const line = (name, why, then) =>
    console.error(`  ${name.padEnd(20)}${why === null ? 'answers' : `does not answer (${why})${then}`}`)
  console.error('preflight')
  line('container registry', registry, ': base images will be stand-ins made from Debian packages')
  line('PyPI', pypi, '')
  line('Debian packages', debian, '')
  return { registry, pypi, debian }
}

/** Docker's default registry or one of the mirrors that this machine's Docker is told to use. */
async function containerRegistry() {
  const reasons = []
  for (const base of [...dockerMirrors(), 'https://registry-1.docker.io']) {
    const why = await registryAnswers(new URL('/v2/', base))
    if (why === null) return null
    reasons.push(why)
  }
  return reasons.at(-1)
}

function dockerMirrors() {
  try {
    const { 'registry-mirrors': mirrors } = JSON.parse(readFileSync('/etc/docker/daemon.json', 'utf8'))
    return Array.isArray(mirrors) ? mirrors.filter((url) => URL.canParse(url)) : []
  } catch {
    return []
  }
}

/** A registry says so in a header; a captive portal or a refusing proxy does not. */
function registryAnswers(url) {
  return new Promise((resolve) => {
    const send = url.protocol === 'http:' ? plain : secure
    const request = send(url, { timeout: 5000 }, (response) => {
      response.resume()
      const isRegistry = 'docker-distribution-api-version' in response.headers
      resolve(isRegistry ? null : `HTTP ${response.statusCode}, and not from a registry`)
    })
    request.on('timeout', () => request.destroy(new Error('no answer in 5 s')))
    request.on('error', (error) => resolve(error.code ?? error.message))
    request.end()
  })
}

/** Asks pip for the versions of a package: its index, proxy and certificates are whatever pip is told here. */
async function packageIndex() {
  await debianPackages([tools.pip])
  const pip = tools.pip.anyOf.find(found)
  // Local files would answer for the index.
  const { PIP_FIND_LINKS: _, PIP_NO_INDEX: __, ...env } = process.env
  const args = ['index', 'versions', 'flask', '--disable-pip-version-check', '--retries=1', '--timeout=10']
  const asked = await capture(pip, args, { env })
  return asked.code === 0 ? null : lastLine(asked.stderr)
}

/** Fetches one small file of the first source that apt knows, with apt's own downloader. */
async function debianMirror() {
  if (!found('apt-get')) return 'no apt-get here'
  const listed = await capture('apt-get', ['update', '--print-uris'])
  const uri = /^'(https?:[^']+)'/m.exec(listed.stdout)?.[1]
  if (!uri) return 'apt has no source on the network'
  const folder = mkdtempSync(join(tmpdir(), 'jettison-preflight-'))
  try {
    const args = ['download-file', uri, join(folder, 'file')]
    const asked = await capture('/usr/lib/apt/apt-helper', args)
    return asked.code === 0 ? null : lastLine(asked.stderr)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) || 'no reason given'
}
