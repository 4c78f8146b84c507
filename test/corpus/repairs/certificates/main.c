#include <stdio.h>
#include <string.h>

int main(void) {
  FILE *bundle = fopen("/etc/ssl/certs/ca-certificates.crt", "r");
  if (!bundle) {
    fputs("x509: no certificate authority is trusted\n", stderr);
    return 1;
  }
  char line[512];
  int found = 0;
  while (fgets(line, sizeof line, bundle))
    if (strstr(line, "BEGIN CERTIFICATE")) found = 1;
  puts(found ? "authorities are trusted" : "the bundle is empty");
  return !found;
}
