module.exports = 'fine'
