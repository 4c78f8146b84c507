const http = require('http')

const server = http.createServer((request, response) => {
  let body
  try {
    body = request.url === '/' ? 'fine' : request.url === '/feature' ? require('./feature') : undefined
  } catch (error) {
    response.statusCode = 500
    body = String(error)
  }
  if (body === undefined) response.statusCode = 404
  response.end(body)
})
process.on('SIGTERM', () => process.exit(0))
server.listen(8000)
