package example.core;

import com.google.gson.Gson;
import java.util.TreeMap;

public class Greeting {
  public static String json(String name) {
    TreeMap<String, String> fields = new TreeMap<>();
    fields.put("hello", name);
    return new Gson().toJson(fields);
  }
}
