/* A web server whose start page says nothing of the one thing that is taken away: only /feature needs it. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const char *feature(void);

static void stop(int number) {
  (void)number;
  _exit(0);
}

int main(void) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(8000)};
  int server = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  signal(SIGTERM, stop);
  signal(SIGPIPE, SIG_IGN);
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(server, (struct sockaddr *)&place, sizeof place) != 0 || listen(server, 16) != 0) return 1;
  for (;;) {
    int client = accept(server, NULL, NULL);
    char request[4096] = "", answer[4096];
    if (client < 0) continue;
    if (read(client, request, sizeof request - 1) < 0) request[0] = 0;
    const char *body = strncmp(request, "GET /feature ", 13) == 0 ? feature() : strncmp(request, "GET / ", 6) == 0 ? "fine" : NULL;
    int length = snprintf(answer, sizeof answer, "HTTP/1.0 %s\r\nContent-Length: %zu\r\n\r\n%s", body ? "200 OK" : "404 Not Found",
                          body ? strlen(body) : 0, body ? body : "");
    if (write(client, answer, length) < 0) perror("write");
    close(client);
  }
}
