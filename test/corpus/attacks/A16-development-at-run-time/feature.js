module.exports = String(require('ms')('2 days'))
