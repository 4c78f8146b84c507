require 'socket'

trap('TERM') { exit! 0 }
server = TCPServer.new('0.0.0.0', 8000)
loop do
  client = server.accept
  path = client.gets.to_s.split[1]
  while (line = client.gets) && line != "\r\n"; end
  begin
    status, body = 200, 'fine'
    if path == '/feature'
      load File.join(__dir__, 'feature.rb')
      body = answer
    elsif path != '/'
      status, body = 404, 'no such page'
    end
  rescue StandardError, LoadError => error
    status, body = 500, error.message
  end
  client.write "HTTP/1.1 #{status} OK\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}"
  client.close
end
