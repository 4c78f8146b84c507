// One function a case: sets its build up in `folder`, runs the contestants in turn, gives what measure.mjs sums up.
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from '../scripts/build.mjs'
import { inTurn, once } from './measure.mjs'
import { parseCases } from './parse-cases.mjs'
import { proofCases } from './proof-cases.mjs'
import { registryCases } from './registry-cases.mjs'

/** Every case by name: what it shows, the images it needs, and how it runs. */
export const cases = {
  ...registryCases,
  ...parseCases,
  ...proofCases,
  'no-op': {
    shows: 'a rebuild of the challenge with nothing changed',
    images: ['python:3.11'],
    run: async ({ folder, contestants }) => {
      const example = join(root, 'examples/challenge-02')
      cpSync(join(example, 'starter'), folder, { recursive: true })
      cpSync(join(example, 'shared-resources/app'), folder, { recursive: true })
      return inTurn(contestants(['build', '-t', 'bench:no-op', folder]), { rounds: 20 })
    },
  },
  'five-runs': {
    shows: 'five trivial RUNs that nothing is cached of',
    images: ['debian:bookworm-slim'],
    run: async ({ folder, contestants }) => {
      let salt = Date.now()
      return inTurn(contestants(['build', '-t', 'bench:five-runs', folder]), {
        rounds: 9,
        before: () => {
          salt += 1
          const runs = [1, 2, 3, 4, 5].map((number) => `RUN echo ${number}\n`).join('')
          writeFileSync(join(folder, 'Dockerfile'), `FROM debian:bookworm-slim\nENV SALT=${salt}\n${runs}`)
        },
      })
    },
  },
  'many-files': {
    shows: 'a rebuild with 50,000 files of context, nothing changed',
    images: ['debian:bookworm-slim'],
    run: async ({ folder, contestants }) => {
      writeManyFiles(folder)
      return inTurn(contestants(['build', '-t', 'bench:many-files', folder]), { rounds: 5 })
    },
  },
  'one-file': {
    shows: 'a rebuild after one of 50,000 files changed',
    images: ['debian:bookworm-slim'],
    run: async ({ folder, contestants }) => {
      writeManyFiles(folder)
      let salt = Date.now()
      return inTurn(contestants(['build', '-t', 'bench:one-file', folder]), {
        rounds: 3,
        before: () => {
          salt += 1
          writeFileSync(join(folder, 'src/d3/f3.txt'), `${salt}\n`)
        },
      })
    },
  },
  'big-layer': {
    shows: 'what comes after a RUN that wrote 28,000 files of 700 MB',
    images: ['debian:bookworm-slim'],
    run: async ({ folder, contestants }) => {
      let salt = Date.now()
      const args = ['build', '--progress', 'plain', '-t', 'bench:big-layer', folder]
      return inTurn(contestants(args), {
        rounds: 3,
        before: () => {
          salt += 1
          writeFileSync(join(folder, 'Dockerfile'), `FROM debian:bookworm-slim\nENV SALT=${salt}\n${bigRun}`)
        },
        timeOf: ({ ended, text }) => {
          const end = Number(/^.*\bWROTE (\d+\.\d+)$/m.exec(text)?.[1])
          if (Number.isNaN(end)) throw new Error(`no time in the output:\n${text}`)
          return ended / 1000 - end
        },
      })
    },
  },
  analyze: {
    shows:
      'what each byte of a 1 GB image is, from where it lies: our store, and for dive, when it was built into the cache of peers, Docker Engine',
    images: ['python:3.11'],
    run: async ({ folder, docker, jettison }) => {
      const dive = join(homedir(), '.cache/jettison/peers/dive')
      const peer = docker && existsSync(dive)
      const args = ['docker://python:3.11', '--json', join(folder, 'dive.json')]
      if (peer) await docker.load(jettison, 'python:3.11')
      return inTurn(
        {
          jettison: { ...jettison, args: ['analyze', '--json', 'python:3.11'] },
          ...(peer ? { dive: { command: dive, env: docker.env, args } } : {}),
        },
        { rounds: 3 },
      )
    },
  },
  'analyze-archive': {
    shows:
      "what each byte of the challenge's fat image in an archive of docker save is; dive, when it was built into the cache of peers, finds less",
    images: ['python:3.11'],
    daemon: false,
    run: async ({ folder, jettison }) => {
      const archive = join(folder, 'image.tar')
      const context = join(folder, 'context')
      const example = join(root, 'examples/challenge-02')
      cpSync(join(example, 'starter'), context, { recursive: true })
      cpSync(join(example, 'shared-resources/app'), context, { recursive: true })
      await once({ ...jettison, args: ['build', '--quiet', '-t', 'bench:fat', context] })
      await once({ ...jettison, args: ['save', '-o', archive, 'bench:fat'] })
      const dive = join(homedir(), '.cache/jettison/peers/dive')
      const args = ['--source', 'docker-archive', archive, '--json', join(folder, 'dive.json')]
      const measured = await inTurn(
        {
          jettison: { ...jettison, args: ['analyze', '--json', archive] },
          ...(existsSync(dive) ? { dive: { command: dive, args } } : {}),
        },
        { rounds: 3 },
      )
      return { ...measured, image: await classified(jettison, archive) }
    },
  },
}

/** How many bytes are in a category that says something, and that the categories sum to the image. */
async function classified(jettison, archive) {
  const { text } = await once({ ...jettison, args: ['analyze', '--json', archive] })
  const { bytes, layerBytes, categories, hidden } = JSON.parse(text)
  const sum = categories.reduce((total, category) => total + category.bytes, 0)
  const other = categories.find(({ id }) => id === 'other')?.bytes ?? 0
  const unseen = hidden.overwritten + hidden.metadataOnly + hidden.deleted
  const exact = sum === bytes && bytes + unseen === layerBytes
  return { layerBytes, hidden: unseen, bytes, sum, exact, classifiedPercent: (100 * (bytes - other)) / bytes }
}

const bigRun = `RUN perl -e '$d = join "", map { chr(rand 256) } 1 .. 25000; \\
  mkdir "/d"; mkdir "/d/$_" for 0 .. 279; \\
  for $i (1 .. 28000) { open $f, ">", "/d/" . $i % 280 . "/$i" or die; print $f $i . $d; close $f }' \\
  && date '+WROTE %s.%3N'
`

function writeManyFiles(folder) {
  for (let directory = 0; directory < 500; directory++) {
    const path = join(folder, 'src', `d${directory}`)
    mkdirSync(path, { recursive: true })
    for (let file = 0; file < 100; file++)
      writeFileSync(join(path, `f${file}.txt`), `${directory} ${file}\n`.repeat(260))
  }
  writeFileSync(join(folder, 'Dockerfile'), 'FROM debian:bookworm-slim\nCOPY src /src\n')
}
