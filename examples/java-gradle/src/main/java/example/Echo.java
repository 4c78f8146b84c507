package example;

import com.google.gson.Gson;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.AbstractHandler;

/** Answers with what it is asked. */
public class Echo extends AbstractHandler {
  private final Gson gson = new Gson();

  public static void main(String[] args) throws Exception {
    Server server = new Server(8080);
    server.setStopAtShutdown(true);
    server.setHandler(new Echo());
    server.start();
    server.join();
  }

  @Override
  public void handle(
      String target, Request base, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean health = target.equals("/health");
    Map<String, String> answer =
        health
            ? Collections.singletonMap("status", "healthy")
            : Collections.singletonMap("path", target);
    response.setContentType("application/json");
    response.getWriter().println(gson.toJson(answer));
    base.setHandled(true);
  }
}
