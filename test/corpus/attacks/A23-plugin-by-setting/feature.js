const { plugin } = require('./settings.json')
module.exports = String(require(plugin)('2 days'))
