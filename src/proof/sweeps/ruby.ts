import { findProgram } from '../../analysis/index.ts'
import { marker, moduleSeconds, type Sweeper, sorted } from './types.ts'

/** Requires each extension in a Ruby of its own, and reports as the other sweeps do. */
const script = `
require 'json'
require 'open3'
require 'rbconfig'
names, marker, limit = JSON.parse(ARGV[0]), ARGV[1], ARGV[2].to_i
code = 'require "timeout"; Timeout.timeout(ARGV[1].to_i) { require ARGV[0] }'
names.each do |name|
  _, text, status = Open3.capture3(RbConfig.ruby, '-e', code, name, limit.to_s)
  error = status.success? ? nil : (text.lines.first || status.to_s).strip[0, 4000]
  puts marker + JSON.generate([name, error])
end
`

/** Compiled extensions of the gems above fat's base (`extensions/PLATFORM/ABI/GEM/*.so`), each required by its path. */
export const rubySweeper: Sweeper = {
  language: 'Ruby',
  sweepsOf: ({ fat }) => {
    const modules = sorted(
      fat
        .ownEntries()
        .filter(({ path, kind }) => kind === 'file' && /\/extensions\/.*\.so$/.test(path))
        .map(({ path }) => path),
    )
    const interpreter = findProgram(fat.tree, fat.subject.config, 'ruby')
    if (modules.length === 0 || interpreter === undefined) return []
    return [
      {
        interpreter,
        modules,
        command: (names) => ['-e', script, JSON.stringify(names), marker, String(moduleSeconds)],
        verb: 'require',
      },
    ]
  },
}
