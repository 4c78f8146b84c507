#include <pthread.h>
#include <stdio.h>

/* pthread_create is GLIBC_2.34 here: it moved into libc itself after Debian 11. */
static void *work(void *result) {
  *(int *)result = 42;
  return NULL;
}

int main(void) {
  int result = 0;
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &result) || pthread_join(thread, NULL)) return 1;
  printf("%d\n", result);
  return 0;
}
