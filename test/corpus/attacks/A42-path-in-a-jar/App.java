import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

public class App {
  static String feature() throws Exception {
    return Files.readString(Path.of("/build/words.txt"));
  }

  public static void main(String[] words) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", 8000), 0);
    server.createContext("/", exchange -> {
      int status = 200;
      String text = "fine";
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/feature")) {
        try {
          text = feature();
        } catch (Exception error) {
          status = 500;
          text = error.toString();
        }
      } else if (!path.equals("/")) {
        status = 404;
      }
      byte[] body = text.getBytes();
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
