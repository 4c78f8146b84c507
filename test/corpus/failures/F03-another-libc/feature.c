const char *feature(void) { return "linked"; }
