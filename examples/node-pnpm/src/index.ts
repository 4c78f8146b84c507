import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { z } from 'zod'

const name = z.string().max(40)
const app = new Hono()
app.get('/health', (context) => context.json({ status: 'healthy' }))
app.get('/hello/:name', (context) => context.json({ hello: name.parse(context.req.param('name')) }))

const server = serve({ fetch: app.fetch, port: 3000 })
process.on('SIGTERM', () => server.close(() => process.exit(0)))
