import { readFileSync } from 'node:fs'
import express from 'express'
import { pino } from 'pino'
import { pages } from './routes/pages.js'

const log = pino({ level: 'info' })
const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string }

const app = express()
app.set('view engine', 'ejs')
app.use(pages(version))
app.get('/health', (_request, response) => {
  response.json({ status: 'healthy', version })
})

const port = Number(process.env['PORT'] ?? 8080)
const server = app.listen(port, () => log.info({ port }, 'listening'))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
