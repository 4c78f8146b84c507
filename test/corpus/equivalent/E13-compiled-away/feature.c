const char *feature(void) { return "fine"; }
