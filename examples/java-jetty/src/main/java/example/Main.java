package example;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

public class Main {
  public static void main(String[] args) throws Exception {
    Server server = new Server(8080);
    server.setStopAtShutdown(true);
    server.setHandler(new Pages(message()));
    server.start();
    server.join();
  }

  /** Read from the class path: it is a resource of the project. */
  private static String message() throws Exception {
    try (var stream = Main.class.getResourceAsStream("/message.txt")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static class Pages extends Handler.Abstract {
    private final String message;

    Pages(String message) {
      this.message = message;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      boolean health = Request.getPathInContext(request).equals("/health");
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, health ? "application/json" : "text/plain");
      byte[] body = (health ? "{\"status\":\"healthy\"}" : message).getBytes(StandardCharsets.UTF_8);
      response.write(true, java.nio.ByteBuffer.wrap(body), callback);
      return true;
    }
  }
}
