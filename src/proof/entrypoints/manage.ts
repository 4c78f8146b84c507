import type { ContainerConfig, FileTree } from '../../image/index.ts'
import type { SecondaryEntrypoint } from './types.ts'

/** Django's `manage.py` in the working directory: `check` loads the settings, every app and every URL. */
export function fromManage(
  tree: FileTree,
  config: ContainerConfig,
): readonly SecondaryEntrypoint[] {
  const path = `${(config.WorkingDir ?? '/').replace(/\/+$/, '')}/manage.py`
  if (tree.lookup(path)?.kind !== 'file') return []
  return [
    {
      name: 'manage.py',
      source: path,
      command: 'python manage.py check',
      options: { entrypoint: ['python', path, 'check'], command: [] },
      help: { entrypoint: ['python', path, 'help'], command: [] },
    },
  ]
}
