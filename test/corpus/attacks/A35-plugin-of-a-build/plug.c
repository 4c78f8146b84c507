const char *word(void) { return "hello"; }
