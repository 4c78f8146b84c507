package example.api;

import com.sun.net.httpserver.HttpServer;
import example.core.Greeting;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

public class Main {
  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(9000), 0);
    server.createContext("/", exchange -> {
      boolean health = exchange.getRequestURI().getPath().equals("/health");
      String text = health ? "{\"status\":\"healthy\"}" : Greeting.json("you");
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0)));
    server.start();
  }
}
