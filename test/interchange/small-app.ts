import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Cli, writeFiles } from '../support/jettison.ts'
import { unpackedPackage } from '../support/unpacked-package.ts'
import { answerOf } from './answer.ts'
import { jettisonRunner, type Traveller } from './world.ts'

const dockerfile = `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "sh", "-c", "/bin/busybox --install /bin && mkdir -p /tmp /www/old && chmod 1777 /tmp"]
RUN echo gone > /www/gone && echo old > /www/old/page && echo '{"status": "healthy"}' > /www/health
RUN rm -r /www/gone /www/old && mkdir /www/old && echo new > /www/old/new \\
 && ln -s health /www/alias && ln /www/health /www/twin && chown 1000:1000 /www/twin && chmod 4755 /bin/busybox
ENV GREETING="hello there"
LABEL org.opencontainers.image.title="interchange"
USER 1000
WORKDIR /www
EXPOSE 5000
STOPSIGNAL SIGKILL
HEALTHCHECK --interval=1h CMD wget -q -O - http://127.0.0.1:5000/health
CMD ["/bin/busybox", "httpd", "-f", "-p", "5000", "-h", "/www"]
`

/** A web server of 2 MB whose layers delete, replace, link and change what lower ones have. */
export async function smallApp(jettison: Cli, folder: string, name: string): Promise<Traveller> {
  const context = join(folder, 'small-app')
  mkdirSync(context)
  copyFileSync(join(unpackedPackage('busybox-static'), 'bin/busybox'), join(context, 'busybox'))
  writeFiles(context, { Dockerfile: dockerfile })
  await jettison.ok(['build', '-q', '-t', name, context])
  const question = { port: 5000, paths: ['/health', '/alias', '/gone', '/old/page', '/old/new'] }
  return { name, question, answer: await answerOf(jettisonRunner(jettison), name, question) }
}
