int kernel(int x) { return x; }
