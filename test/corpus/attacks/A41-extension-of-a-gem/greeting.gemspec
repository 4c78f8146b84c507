Gem::Specification.new do |gem|
  gem.name = 'greeting'
  gem.version = '1.0'
  gem.summary = 'says which libyaml it is linked with'
  gem.authors = ['corpus']
  gem.files = ['ext/greeting/extconf.rb', 'ext/greeting/greeting.c']
  gem.extensions = ['ext/greeting/extconf.rb']
end
