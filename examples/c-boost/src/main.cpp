// A shelf of books in SQLite: GET / lists them.
#include <boost/asio.hpp>
#include <boost/filesystem.hpp>
#include <boost/program_options.hpp>
#include <sqlite3.h>

#include <csignal>
#include <iostream>
#include <sstream>
#include <string>

namespace asio = boost::asio;
namespace fs = boost::filesystem;
namespace po = boost::program_options;

namespace {

void execute(sqlite3* db, const std::string& sql) {
  char* error = nullptr;
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK)
    throw std::runtime_error(error ? error : "SQLite");
}

std::string books(sqlite3* db) {
  std::ostringstream text;
  sqlite3_stmt* rows = nullptr;
  sqlite3_prepare_v2(db, "select title from books order by title", -1, &rows, nullptr);
  while (sqlite3_step(rows) == SQLITE_ROW)
    text << reinterpret_cast<const char*>(sqlite3_column_text(rows, 0)) << '\n';
  sqlite3_finalize(rows);
  return text.str();
}

void serve(asio::ip::tcp::socket client, sqlite3* db) {
  asio::streambuf buffer;
  boost::system::error_code failed;
  asio::read_until(client, buffer, "\r\n\r\n", failed);
  if (failed) return;
  std::istream head(&buffer);
  std::string method, path;
  head >> method >> path;
  const std::string body = path == "/health" ? "{\"status\": \"healthy\"}\n" : books(db);
  std::ostringstream answer;
  answer << "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " << body.size()
         << "\r\nConnection: close\r\n\r\n" << body;
  asio::write(client, asio::buffer(answer.str()), failed);
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options("shelf");
  options.add_options()("port", po::value<unsigned short>()->default_value(8080))(
      "data", po::value<std::string>()->default_value("data"));
  po::variables_map given;
  po::store(po::parse_command_line(argc, argv, options), given);

  const fs::path folder = given["data"].as<std::string>();
  fs::create_directories(folder);
  sqlite3* db = nullptr;
  sqlite3_open((folder / "shelf.db").string().c_str(), &db);
  execute(db, "create table if not exists books (title text primary key)");
  execute(db, "insert or ignore into books values ('Moby-Dick'), ('Treasure Island')");

  asio::io_context context;
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&](auto, auto) { std::_Exit(0); });
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::tcp::v4(), given["port"].as<unsigned short>()});
  std::cout << "listening on " << acceptor.local_endpoint() << std::endl;
  std::function<void()> next = [&] {
    acceptor.async_accept([&](boost::system::error_code failed, asio::ip::tcp::socket client) {
      if (!failed) serve(std::move(client), db);
      next();
    });
  };
  next();
  context.run();
}
