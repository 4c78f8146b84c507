import { createHash } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { posix } from 'node:path'
import { type EventSink, Fault } from '../../base/index.ts'
import {
  followRedirects,
  type HttpAnswer,
  type HttpClient,
  redactUrl,
  refuseTransient,
  withRetries,
} from '../../http/index.ts'
import { type Digest, parseDigest } from '../../image/index.ts'

/** A downloaded file. */
export type Download = {
  /** Where it lies; the caller owns it. */
  readonly file: string
  /** Name for a destination that is a directory. */
  readonly name: string
  readonly digest: Digest
  readonly size: number
  /** Seconds since the epoch, from `Last-Modified`; 0 when the server does not say, as BuildKit has it. */
  readonly mtime: number
}

const maxBytes = 16 * 1024 ** 3

/**
 * Downloads the source of an ADD. Redirects are bounded and do not reach private addresses of another host; a transfer
 * that breaks is begun again. `checksum` is compared before the file is given out.
 * @throws Fault ADD_URL_FAILED, ADD_GIT_UNSUPPORTED, DIGEST_MISMATCH, HTTP_*
 */
export async function fetchUrl(
  url: string,
  options: {
    readonly http: HttpClient
    /** Path of the new file. */
    readonly file: string
    readonly checksum: Digest | null
    readonly emit: EventSink
    readonly signal?: AbortSignal | undefined
  },
): Promise<Download> {
  const { http, file, checksum, emit, signal } = options
  refuseGit(url)
  if (!URL.canParse(url))
    throw new Fault('ADD_URL_FAILED', `not a usable address: ${url.slice(0, 200)}`, {
      kind: 'invalid',
    })
  const target = new URL(url)
  const attempt = async (): Promise<Omit<Download, 'file' | 'name'>> => {
    const answer = refuseTransient(
      await followRedirects(http, { method: 'GET', url: target }, { signal }),
    )
    if (answer.status !== 200) {
      answer.discard()
      throw new Fault('ADD_URL_FAILED', `${redactUrl(target)} answered ${answer.status}`, {
        hint: 'check the address',
      })
    }
    return await save(answer, file, emit)
  }
  try {
    const saved = await withRetries(attempt, { signal })
    if (checksum !== null && saved.digest !== checksum)
      throw new Fault(
        'DIGEST_MISMATCH',
        `digest mismatch of ${redactUrl(target)}: ${saved.digest}, expected ${checksum}`,
        {
          hint: 'the file behind the address changed; check it before you change --checksum',
        },
      )
    return { ...saved, file, name: urlFileName(url) }
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
}

/** The last component of the decoded path, `__unnamed__` when there is none: `Content-Disposition` has no say in ADD. */
export function urlFileName(url: string): string {
  const name = URL.canParse(url) ? posix.basename(decode(new URL(url).pathname)) : ''
  return name === '' || name === '.' || name === '..' || name.includes('\0') ? '__unnamed__' : name
}

/** Whether BuildKit would take an ADD source for a Git repository. */
export function isGitSource(source: string): boolean {
  return (
    /^(?:git|ssh):\/\/|^git@[^:/]+:/.test(source) ||
    /^https?:\/\/[^?#]+\.git(?:[?#].*)?$/.test(source)
  )
}

function refuseGit(url: string): void {
  if (!isGitSource(url)) return
  throw new Fault(
    'ADD_GIT_UNSUPPORTED',
    `ADD of a Git repository is not supported yet: ${redactUrl(url)}`,
    {
      kind: 'invalid',
      hint: 'clone it into the context and COPY it, or run git in a RUN of a builder stage',
    },
  )
}

async function save(
  answer: HttpAnswer,
  file: string,
  emit: EventSink,
): Promise<Omit<Download, 'file' | 'name'>> {
  const announced = Number(answer.headers['content-length'] ?? Number.NaN)
  const total = Number.isNaN(announced) ? null : announced
  const hash = createHash('sha256')
  const fd = openSync(file, 'w', 0o600)
  let size = 0
  try {
    for await (const part of answer.body) {
      size += part.length
      if (size > maxBytes)
        throw new Fault(
          'ADD_URL_FAILED',
          `${redactUrl(answer.url)} sends more than ${maxBytes} bytes`,
        )
      hash.update(part)
      for (let at = 0; at < part.length; ) at += writeSync(fd, part, at)
      emit({ kind: 'transfer', what: answer.url.host, done: size, total })
    }
  } finally {
    closeSync(fd)
    answer.discard()
  }
  const modified = Date.parse(answer.headers['last-modified'] ?? '')
  return {
    digest: parseDigest(`sha256:${hash.digest('hex')}`),
    size,
    mtime: Number.isNaN(modified) ? 0 : Math.floor(modified / 1000),
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}
