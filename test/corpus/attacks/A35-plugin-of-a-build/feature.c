#include <dlfcn.h>
#include <stdio.h>

const char *feature(void) {
  char path[64];
  snprintf(path, sizeof path, "build/%s_%s.so", "plug", "en");
  void *plug = dlopen(path, RTLD_NOW);
  const char *(*word)(void) = plug ? (const char *(*)(void))dlsym(plug, "word") : NULL;
  return word ? word() : NULL;
}
