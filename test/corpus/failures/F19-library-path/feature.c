const char *feature(void) { return "hello"; }
