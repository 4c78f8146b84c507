require 'greeting'

def answer
  Greeting.version
end
