#include <jansson.h>
#include <stdio.h>

int main(void) {
  json_t *value = json_pack("{s:s}", "hello", "world");
  puts(json_dumps(value, JSON_COMPACT));
  return 0;
}
