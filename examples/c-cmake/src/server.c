/* Answers GET /WORD with yes or no. */
#include "words.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int signal)
{
	(void)signal;
	_exit(0);
}

static void answer(int client, int status, const char *body)
{
	char text[512];
	int length = snprintf(text, sizeof text,
			      "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
			      "Connection: close\r\n\r\n%s",
			      status, status == 200 ? "OK" : "Not Found", strlen(body), body);
	if (write(client, text, (size_t)length) < 0)
		perror("write");
}

static void serve(int client, const struct words *list)
{
	char request[2048] = "";
	char path[256] = "";
	char body[256];
	if (read(client, request, sizeof request - 1) <= 0 || sscanf(request, "GET %255s", path) != 1)
		return;
	if (strcmp(path, "/health") == 0) {
		snprintf(body, sizeof body, "{\"status\": \"healthy\", \"words\": %zu}\n", words_count(list));
		answer(client, 200, body);
	} else if (strcmp(path, "/") == 0) {
		answer(client, 200, "ask for /WORD\n");
	} else {
		answer(client, 200, words_has(list, path + 1) ? "yes\n" : "no\n");
	}
}

int main(void)
{
	struct words *list = words_open(LIST);
	if (!list) {
		perror(LIST);
		return 1;
	}
	int on = 1;
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(8080) };
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 16) < 0) {
		perror("port 8080");
		return 1;
	}
	signal(SIGTERM, stop);
	signal(SIGPIPE, SIG_IGN);
	puts("listening on 8080");
	fflush(stdout);
	for (;;) {
		int client = accept(server, NULL, NULL);
		if (client < 0)
			continue;
		serve(client, list);
		close(client);
	}
}
