const Database = require('better-sqlite3')
const fastify = require('fastify')({ logger: true })

const db = new Database(':memory:')
db.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)')
const insert = db.prepare('INSERT INTO notes (text) VALUES (?)')
for (const text of ['first', 'second']) insert.run(text)

fastify.get('/health', async () => ({ status: 'healthy' }))
fastify.get('/notes', async () => db.prepare('SELECT * FROM notes ORDER BY id').all())

fastify.listen({ host: '0.0.0.0', port: 3000 })
process.on('SIGTERM', () => fastify.close().then(() => process.exit(0)))
