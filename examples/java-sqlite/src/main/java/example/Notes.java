package example;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;

/** Notes in SQLite, whose native library comes out of the jar; the first ones are read from a file beside it. */
public class Notes {
  public static void main(String[] args) throws Exception {
    Connection db = DriverManager.getConnection("jdbc:sqlite::memory:");
    db.createStatement().execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)");
    for (String line : Files.readAllLines(Path.of("seed/notes.txt"))) {
      try (var insert = db.prepareStatement("INSERT INTO notes (text) VALUES (?)")) {
        insert.setString(1, line);
        insert.execute();
      }
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/health", exchange -> {
      try (ResultSet found = db.createStatement().executeQuery("SELECT group_concat(text) FROM notes")) {
        found.next();
        byte[] body = found.getString(1).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      } catch (Exception failure) {
        exchange.sendResponseHeaders(500, -1);
      }
      exchange.close();
    });
    server.start();
  }
}
