const bcrypt = require('bcrypt')
const express = require('express')

const app = express()
app.use(express.json())

app.get('/health', (_request, response) => {
  response.json({ status: 'healthy' })
})

// Says that the compiled module works, with an answer that is always the same.
app.get('/verify', async (_request, response) => {
  const hash = await bcrypt.hash('correct horse', 4)
  response.json({
    right: await bcrypt.compare('correct horse', hash),
    wrong: await bcrypt.compare('battery staple', hash),
  })
})

const server = app.listen(3000, () => console.log('listening on 3000'))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
