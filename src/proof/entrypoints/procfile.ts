import type { SecondaryEntrypoint } from './types.ts'
import { wordsOf } from './words.ts'

/** Processes of a Procfile but `web`, which is the image's own command: `worker: celery -A app worker`. */
export function fromProcfile(text: string, source: string): readonly SecondaryEntrypoint[] {
  return text.split('\n').flatMap((line): readonly SecondaryEntrypoint[] => {
    const match = /^([\w-]+):\s*(\S.*)$/.exec(line.trim())
    const [, name = '', command = ''] = match ?? []
    if (!match || name === 'web') return []
    const words = wordsOf(command)
    return [
      {
        name,
        source,
        command,
        options: { entrypoint: words ?? ['/bin/sh', '-c', command], command: [] },
        help: words && { entrypoint: [...words, '--help'], command: [] },
      },
    ]
  })
}

/** Ports that the `web` process of a Procfile listens on, as far as its command says so: `-b 0.0.0.0:8000`. */
export function procfilePorts(text: string): readonly number[] {
  const web = /^web:\s*(\S.*)$/m.exec(text)?.[1] ?? ''
  const flags = web.matchAll(
    /(?:^|\s)(?:-b|--bind|-p|--port|--listen|--http)[ =]?(?:[\w.*[\]-]*:)?(\d{2,5})(?=\s|$)/g,
  )
  return [...flags].map(([, port]) => Number(port))
}
