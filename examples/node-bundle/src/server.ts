import { createServer } from 'node:http'
import mustache from 'mustache'

const page = '<h1>{{title}}</h1><ul>{{#moons}}<li>{{.}}</li>{{/moons}}</ul>'

const server = createServer((request, response) => {
  if (request.url === '/health') {
    response.setHeader('content-type', 'application/json')
    response.end('{"status":"healthy"}')
    return
  }
  response.setHeader('content-type', 'text/html')
  response.end(mustache.render(page, { title: 'Moons of Mars', moons: ['Phobos', 'Deimos'] }))
})

server.listen(3000, () => console.log('listening on 3000'))
process.on('SIGTERM', () => server.close())
