import { greeting } from '@example/greeting'
import Koa from 'koa'

const app = new Koa()
app.use((context) => {
  if (context.path === '/health') context.body = { status: 'healthy' }
  else context.body = greeting(context.query['name']?.toString() ?? 'you', '2024-02-29')
})

const server = app.listen(8000)
process.on('SIGTERM', () => server.close(() => process.exit(0)))
