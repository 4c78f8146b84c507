int greeting(void) { return 7; }
