#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct words {
	size_t count;
	char **all;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct words *words_open(const char *path)
{
	FILE *file = fopen(path, "r");
	if (!file)
		return NULL;
	struct words *list = calloc(1, sizeof *list);
	char line[128];
	while (list && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\r\n")] = '\0';
		list->all = realloc(list->all, (list->count + 1) * sizeof *list->all);
		list->all[list->count++] = strdup(line);
	}
	fclose(file);
	if (list)
		qsort(list->all, list->count, sizeof *list->all, by_text);
	return list;
}

void words_close(struct words *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->all[i]);
	free(list->all);
	free(list);
}

size_t words_count(const struct words *list)
{
	return list->count;
}

int words_has(const struct words *list, const char *word)
{
	return bsearch(&word, list->all, list->count, sizeof *list->all, by_text) != NULL;
}
