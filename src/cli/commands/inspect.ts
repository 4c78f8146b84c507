import { describeContainer, describeImage, type Session } from '../../app/index.ts'
import { isFault } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { inspectAll } from '../inspect-output.ts'

export const command: Command = {
  spec: {
    name: 'inspect',
    aliases: ['image inspect', 'container inspect'],
    usage: '[OPTIONS] NAME|ID [NAME|ID...]',
    summary: 'Show containers and images as Docker describes them, as JSON',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'format',
        short: 'f',
        kind: 'string',
        value: 'TEMPLATE',
        help: 'json, or a template such as {{.Config.User}}',
      },
      {
        long: 'type',
        kind: 'string',
        value: 'TYPE',
        help: 'container or image (default: a container of this name, else an image)',
      },
    ],
  },
  async run({ flags, session, out, err }) {
    const open = await session()
    const type = flags.text('type')
    return inspectAll(flags.positional, (name) => describe(open, name, type), {
      ...{ format: flags.text('format'), out, err },
    })
  },
}

/** Docker's order: a container of this name hides an image. */
async function describe(
  session: Session,
  name: string,
  type: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  if (type === 'container') return describeContainer(session, name)
  if (type === 'image') return describeImage(session, name)
  try {
    return await describeContainer(session, name)
  } catch (error) {
    if (!isFault(error) || error.code !== 'CONTAINER_NOT_FOUND') throw error
    return describeImage(session, name)
  }
}
