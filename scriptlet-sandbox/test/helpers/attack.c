// What shell scripts cannot do: raw system calls by every entry into the kernel, sockets, hogs. Built static.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define X32_BIT 0x40000000

// Strings lie where 32 bits reach them.
static long argument(const char *text) {
  static char *low;
  if (strncmp(text, "s:", 2) != 0) return strtol(text, NULL, 0);
  if (low == NULL) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#ifdef MAP_32BIT
    flags |= MAP_32BIT;
#endif
    low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
  }
  char *at = low;
  low += strlen(text) + 1;
  return (long)strcpy(at, text + 2);
}

static long by_int80(const long *a) {
#ifdef __x86_64__
  long answer;
  register long base asm("rbp") = a[6];
  asm volatile("int $0x80"
               : "=a"(answer)
               : "a"(a[0]), "b"(a[1]), "c"(a[2]), "d"(a[3]), "S"(a[4]), "D"(a[5]), "r"(base)
               : "memory", "r8", "r9", "r10", "r11");
  answer = (int)answer;
  if (answer >= 0 || answer < -4095) return 0;
  errno = -answer;
  return -1;
#else
  errno = ENOSYS;
  return -1;
#endif
}

// call ENTRY NUMBER ARGUMENT…: prints the errno, 0 for none.
static int call(int count, char **words) {
  long a[7] = {0};
  for (int i = 1; i < count && i < 8; i++) a[i - 1] = argument(words[i]);
  if (strcmp(words[0], "x32") == 0) a[0] |= X32_BIT;
  errno = 0;
  long answer = strcmp(words[0], "int80") == 0 ? by_int80(a) : syscall(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
  printf("%d\n", answer == -1 ? errno : 0);
  return 0;
}

// connect or listen PATH: an abstract socket where it begins with @.
static int unix_socket(const char *what, const char *path) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  strncpy(to.sun_path, path, sizeof to.sun_path - 1);
  if (path[0] == '@') to.sun_path[0] = 0;
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  socklen_t size = offsetof(struct sockaddr_un, sun_path) + strlen(path);
  if (what[0] == 'l') {
    if (bind(fd, (struct sockaddr *)&to, size) != 0 || listen(fd, 5) != 0) return 1;
    puts("listening");
    pause();
  } else if (connect(fd, (struct sockaddr *)&to, size) == 0) {
    puts("ESCAPED");
  } else {
    perror("connect");
  }
  return 0;
}

// send ADDRESS PORT COUNT: packets by UDP.
static int send_packets(const char *address, const char *port, int count) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  inet_pton(AF_INET, address, &to.sin_addr);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  while (count-- > 0) sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
  return 0;
}

static int hog_memory(void) {
  const size_t step = 16 << 20;
  for (char *piece; (piece = malloc(step)) != NULL;) memset(piece, 1, step);
  perror("malloc");
  return 1;
}

static int hog_descriptors(void) {
  long opened = 0;
  while (open("/dev/null", O_RDONLY) >= 0) opened++;
  printf("%ld %s\n", opened, strerror(errno));
  return 0;
}

// daemon: as daemon(3) does it, deaf to what asks it to end.
static int daemonise(void) {
  if (fork() > 0) return 0;
  setsid();
  if (fork() > 0) _exit(0);
  for (int fd = 0; fd < 3; fd++) close(fd);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (;;) sleep(1000);
}

int main(int count, char **words) {
  const char *what = count > 1 ? words[1] : "";
  setvbuf(stdout, NULL, _IONBF, 0);
  if (strcmp(what, "call") == 0) return call(count - 2, words + 2);
  if (strcmp(what, "connect") == 0 || strcmp(what, "listen") == 0) return unix_socket(what, words[2]);
  if (strcmp(what, "send") == 0) return send_packets(words[2], words[3], atoi(words[4]));
  if (strcmp(what, "memory") == 0) return hog_memory();
  if (strcmp(what, "descriptors") == 0) return hog_descriptors();
  if (strcmp(what, "daemon") == 0) return daemonise();
  if (strcmp(what, "terminal") == 0) {
    puts(open("/dev/tty", O_RDWR) >= 0 ? "ESCAPED" : strerror(errno));
    return 0;
  }
  return 2;
}
