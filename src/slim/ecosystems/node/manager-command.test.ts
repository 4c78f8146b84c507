import { expect, test } from 'vitest'
import { memoryTree } from '../../../../test/support/memory-tree.ts'
import { parseDockerfile } from '../../../dockerfile/index.ts'
import { gatherFacts, type RunCommand } from '../../facts/index.ts'
import { managerCommand } from './manager-command.ts'

function commandOf(line: string): RunCommand {
  const dockerfile = parseDockerfile(`FROM node:20\nRUN ${line}\n`).value
  const config = {
    ...{ architecture: 'amd64', os: 'linux', config: {}, history: [] },
    rootfs: { type: 'layers', diff_ids: [] },
  } as const
  const facts = gatherFacts({
    dockerfile,
    fat: { tree: memoryTree([{}]), config },
    base: { layers: 1 },
    context: { has: () => false, readText: () => undefined },
  })
  const command = facts.stages[0]?.instructions[0]?.run?.commands?.[0]
  if (!command) throw new Error(`no command in ${line}`)
  return command
}

test.each([
  ['npm ci', 'npm', 'install', 'ci'],
  ['npm install --legacy-peer-deps', 'npm', 'install', 'install'],
  ['npm --loglevel warn i express', 'npm', 'install', 'i'],
  ['npm i -g pm2', 'npm', 'global', 'i'],
  ['npm run build', 'npm', 'script', 'run'],
  ['npm cache clean --force', 'npm', 'upkeep', 'cache'],
  ['npm prune --omit=dev', 'npm', 'other', 'prune'],
  ['npx tsc -p .', 'npm', 'script', 'npx'],
  ['yarn', 'yarn', 'install', 'install'],
  ['yarn --frozen-lockfile', 'yarn', 'install', 'install'],
  ['yarn global add serve', 'yarn', 'global', 'global'],
  ['yarn build', 'yarn', 'script', 'build'],
  ['pnpm -C app install --prod', 'pnpm', 'install', 'install'],
  ['pnpm tsc', 'pnpm', 'script', 'tsc'],
  ['corepack enable', 'npm', 'global', 'corepack'],
])('%s', (line, manager, kind, verb) => {
  expect(managerCommand(commandOf(line))).toMatchObject({ manager, kind, verb })
})

test.each(['node build.js', 'pip install npm', 'echo npm ci'])('%s is none', (line) => {
  expect(managerCommand(commandOf(line))).toBeNull()
})

test('an option goes after the verb', () => {
  const line = 'npm --prefix web ci --ignore-scripts'
  const at = managerCommand(commandOf(line))?.optionAt ?? 0
  const text = `FROM node:20\nRUN ${line}\n`
  expect(text.slice(0, at)).toMatch(/ ci$/)
})
