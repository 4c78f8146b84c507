#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

/* A list of words, one a line, sorted. */
struct words;

struct words *words_open(const char *path);
void words_close(struct words *list);
size_t words_count(const struct words *list);
int words_has(const struct words *list, const char *word);

#endif
