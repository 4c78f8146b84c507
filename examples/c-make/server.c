/* Serves the files of www/, and tells what libcurl can speak. */
#include <curl/curl.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void send_text(struct evhttp_request *request, const char *text)
{
	struct evbuffer *body = evbuffer_new();
	evbuffer_add_printf(body, "%s", text);
	evhttp_send_reply(request, HTTP_OK, "OK", body);
	evbuffer_free(body);
}

static void health(struct evhttp_request *request, void *closure)
{
	(void)closure;
	send_text(request, "{\"status\": \"healthy\"}\n");
}

static void protocols(struct evhttp_request *request, void *closure)
{
	(void)closure;
	char text[1024] = "";
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	for (const char *const *one = info->protocols; *one; one++) {
		strncat(text, *one, sizeof text - strlen(text) - 2);
		strcat(text, "\n");
	}
	send_text(request, text);
}

static void file(struct evhttp_request *request, void *closure)
{
	(void)closure;
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
	char name[256];
	snprintf(name, sizeof name, "www%s", strcmp(path, "/") == 0 ? "/index.html" : path);
	int fd = strstr(path, "..") ? -1 : open(name, O_RDONLY);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
		if (fd >= 0)
			close(fd);
		evhttp_send_error(request, HTTP_NOTFOUND, NULL);
		return;
	}
	struct evbuffer *body = evbuffer_new();
	evbuffer_add_file(body, fd, 0, status.st_size);
	evhttp_send_reply(request, HTTP_OK, "OK", body);
	evbuffer_free(body);
}

static void stop(evutil_socket_t signal, short what, void *base)
{
	(void)signal, (void)what;
	event_base_loopbreak(base);
}

int main(void)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);
	struct event *terminate = evsignal_new(base, SIGTERM, stop, base);
	event_add(terminate, NULL);
	evhttp_set_cb(http, "/health", health, NULL);
	evhttp_set_cb(http, "/protocols", protocols, NULL);
	evhttp_set_gencb(http, file, NULL);
	if (evhttp_bind_socket(http, "0.0.0.0", 8080) != 0) {
		fprintf(stderr, "port 8080 cannot be had\n");
		return 1;
	}
	puts("listening on 8080");
	fflush(stdout);
	return event_base_dispatch(base);
}
