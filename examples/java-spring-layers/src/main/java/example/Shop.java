package example;

import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Shop {
  private static final List<String> ARTICLES = List.of("kettle", "teapot", "strainer");

  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }

  @GetMapping("/health")
  public Map<String, String> health() {
    return Map.of("status", "healthy");
  }

  @GetMapping("/articles/{number}")
  public Map<String, String> article(@PathVariable int number) {
    return Map.of("name", ARTICLES.get(Math.floorMod(number, ARTICLES.size())));
  }
}
