// Ways to come by a descriptor.
#include "call.h"
#include <grp.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/socket.h>

static const struct {
  const char *name;
  int flag;
} flag_names[] = {
    {"rdonly", O_RDONLY},   {"wronly", O_WRONLY},       {"rdwr", O_RDWR},         {"trunc", O_TRUNC},
    {"append", O_APPEND},   {"creat", O_CREAT},         {"excl", O_EXCL},         {"path", O_PATH},
    {"tmpfile", O_TMPFILE}, {"direct", O_DIRECT},       {"sync", O_SYNC},         {"dsync", O_DSYNC},
    {"noatime", O_NOATIME}, {"nofollow", O_NOFOLLOW},   {"nonblock", O_NONBLOCK}, {"directory", O_DIRECTORY},
};

int open_flags(const char *words) {
  char copy[128];
  int flags = 0;
  snprintf(copy, sizeof copy, "%s", words);
  for (char *word = strtok(copy, ","); word; word = strtok(NULL, ",")) {
    size_t at = 0;
    while (at < sizeof flag_names / sizeof *flag_names && strcmp(flag_names[at].name, word) != 0) at++;
    if (at == sizeof flag_names / sizeof *flag_names) exit(2);
    flags |= flag_names[at].flag;
  }
  return flags;
}

static void open_path(char **a) { fd = check("open", open(a[0], open_flags(a[1]), 0644)); }

static void creat_path(char **a) { fd = check("creat", creat(a[0], 0644)); }

static void openat_folder(char **a) {
  int folder = check("open", open(a[0], O_RDONLY | O_DIRECTORY));
  fd = check("openat", openat(folder, a[1], open_flags(a[2]), 0644));
}

static void openat2_path(char **a) {
  struct open_how how = {.flags = open_flags(a[1]), .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
  fd = check("openat2", syscall(SYS_openat2, AT_FDCWD, a[0], &how, sizeof how));
}

static void reopen(char **a) { fd = check("open /proc/self/fd", open(proc_path(), open_flags(a[0]))); }

static void open_handle(char **a) {
  union {
    struct file_handle head;
    char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
  } handle = {.head = {.handle_bytes = MAX_HANDLE_SZ}};
  int mount_id, folder = check("open", open(".", O_RDONLY | O_DIRECTORY));
  check("name_to_handle_at", name_to_handle_at(AT_FDCWD, a[0], &handle.head, &mount_id, 0));
  fd = check("open_by_handle_at", open_by_handle_at(folder, &handle.head, open_flags(a[1])));
}

static void duplicate(char **a) {
  (void)a;
  int old = fd;
  fd = check("dup", dup(old));
  close(old);
}

/** Sends the descriptor through a socket and takes the one that comes out. */
static void pass(char **a) {
  (void)a;
  int ends[2];
  char byte = 'x', room[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(head), &fd, sizeof fd);
  check("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  check("sendmsg", sendmsg(ends[0], &message, 0));
  close(fd);
  check("recvmsg", recvmsg(ends[1], &message, 0));
  memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
}

static void get_from_child(char **a) {
  (void)a;
  pid_t child = sleeping_child();
  int pidfd = check("pidfd_open", syscall(SYS_pidfd_open, child, 0)), old = fd;
  long got = syscall(SYS_pidfd_getfd, pidfd, old, 0);
  int reason = errno;
  kill(child, SIGKILL);
  close(old);
  errno = reason;
  fd = check("pidfd_getfd", got);
}

static void open_from_child(char **a) {
  char path[64];
  pid_t child = sleeping_child();
  snprintf(path, sizeof path, "/proc/%d/fd/%d", child, fd);
  int got = open(path, open_flags(a[0]));
  int reason = errno;
  kill(child, SIGKILL);
  errno = reason;
  fd = check("open /proc/PID/fd", got);
}

static void in_child(char **a) {
  (void)a;
  continue_in_child();
}

static void as_user(char **a) {
  int id = atoi(a[0]);
  check("setgroups", setgroups(0, NULL));
  check("setgid", setgid(id));
  check("setuid", setuid(id));
}

const struct step open_steps[] = {
    {"open", 2, open_path},     {"creat", 1, creat_path},       {"openat", 3, openat_folder},
    {"openat2", 2, openat2_path}, {"reopen", 1, reopen},        {"open-handle", 2, open_handle},
    {"dup", 0, duplicate},      {"pass", 0, pass},              {"get-from-child", 0, get_from_child},
    {"open-from-child", 1, open_from_child}, {"in-child", 0, in_child}, {"as", 1, as_user},
    {0},
};
