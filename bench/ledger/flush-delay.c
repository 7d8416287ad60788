/* Adds 5 ms to each flush of the process it is loaded into, as a slow disk would:
   cc -shared -fPIC -o flush-delay.so bench/ledger/flush-delay.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

static void wait_like_a_disk(void) { usleep(5000); }

int fsync(int file) {
  static int (*next)(int);
  if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_like_a_disk();
  return next(file);
}

int fdatasync(int file) {
  static int (*next)(int);
  if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_like_a_disk();
  return next(file);
}
