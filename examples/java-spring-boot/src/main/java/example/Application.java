package example;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Application {
  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @GetMapping("/health")
  public Map<String, String> health() {
    return Map.of("status", "healthy");
  }

  @GetMapping("/hello")
  public Map<String, String> hello(@RequestParam(defaultValue = "you") String name) {
    return Map.of("hello", name);
  }
}
