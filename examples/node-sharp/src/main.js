import { createServer } from 'node:http'
import sharp from 'sharp'
import { sizeOf } from './size.js'

const routes = {
  '/health': async () => ['application/json', JSON.stringify({ status: 'healthy', vips: sharp.versions.vips })],
  '/square.png': async () => {
    const background = { r: 10, g: 120, b: 200 }
    const image = sharp({ create: { ...sizeOf(64), channels: 3, background } })
    return ['image/png', await image.png().toBuffer()]
  },
}

const server = createServer(async (request, response) => {
  const route = routes[request.url]
  if (!route) return response.writeHead(404).end()
  const [type, body] = await route()
  response.writeHead(200, { 'content-type': type }).end(body)
})
server.listen(3000)
process.on('SIGTERM', () => server.close(() => process.exit(0)))
