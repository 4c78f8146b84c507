/* Counts requests by path; the paths that are counted are in tally.json. */
#include <jansson.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *counts;

static enum MHD_Result serve(void *closure, struct MHD_Connection *connection, const char *url,
			     const char *method, const char *version, const char *data, size_t *size,
			     void **state)
{
	(void)closure, (void)method, (void)version, (void)data, (void)size, (void)state;
	char *body;
	unsigned status = MHD_HTTP_OK;
	json_t *count = json_object_get(counts, url);
	if (strcmp(url, "/health") == 0) {
		body = strdup("{\"status\": \"healthy\"}");
	} else if (strcmp(url, "/") == 0) {
		body = json_dumps(counts, JSON_SORT_KEYS);
	} else if (count) {
		json_integer_set(count, json_integer_value(count) + 1);
		body = json_dumps(count, JSON_ENCODE_ANY);
	} else {
		status = MHD_HTTP_NOT_FOUND;
		body = strdup("not counted");
	}
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

int main(void)
{
	json_error_t error;
	sigset_t signals;
	int signal;

	counts = json_load_file(SYSCONFDIR "/tally.json", 0, &error);
	if (!counts) {
		fprintf(stderr, "%s: %s\n", error.source, error.text);
		return 1;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 8080, NULL, NULL,
						     serve, NULL, MHD_OPTION_END);
	if (!daemon) {
		fprintf(stderr, "port 8080 cannot be had\n");
		return 1;
	}
	puts("listening on 8080");
	fflush(stdout);
	sigwait(&signals, &signal);
	MHD_stop_daemon(daemon);
	return 0;
}
