const express = require('express')

const app = express()
app.get('/health', (_request, response) => response.json({ status: 'healthy' }))
app.listen(3000)
