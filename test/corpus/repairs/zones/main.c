#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(void) {
  time_t start = 0;
  char text[64];
  setenv("TZ", "Europe/Berlin", 1);
  strftime(text, sizeof text, "%H:%M %Z", localtime(&start));
  puts(text);
  return 0;
}
