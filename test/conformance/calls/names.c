// Ways to change names.
#include "call.h"
#include <linux/fs.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

static void rename_path(char **a) { check("rename", rename(a[0], a[1])); }
static void exchange(char **a) { check("renameat2", renameat2(AT_FDCWD, a[0], AT_FDCWD, a[1], RENAME_EXCHANGE)); }
static void no_replace(char **a) { check("renameat2", renameat2(AT_FDCWD, a[0], AT_FDCWD, a[1], RENAME_NOREPLACE)); }
static void whiteout(char **a) { check("renameat2", renameat2(AT_FDCWD, a[0], AT_FDCWD, a[1], RENAME_WHITEOUT)); }

static void link_path(char **a) { check("link", link(a[0], a[1])); }
static void link_target(char **a) { check("linkat", linkat(AT_FDCWD, a[0], AT_FDCWD, a[1], AT_SYMLINK_FOLLOW)); }
static void link_fd(char **a) { check("linkat", linkat(fd, "", AT_FDCWD, a[0], AT_EMPTY_PATH)); }
static void link_proc(char **a) {
  check("linkat /proc/self/fd", linkat(AT_FDCWD, proc_path(), AT_FDCWD, a[0], AT_SYMLINK_FOLLOW));
}

static void symlink_path(char **a) { check("symlink", symlink(a[0], a[1])); }
static void unlink_path(char **a) { check("unlink", unlink(a[0])); }
static void rmdir_path(char **a) { check("rmdir", rmdir(a[0])); }
static void mkdir_path(char **a) { check("mkdir", mkdir(a[0], 0755)); }
static void make_fifo(char **a) { check("mknod", mknod(a[0], S_IFIFO | 0644, 0)); }
static void make_char(char **a) {
  check("mknod", mknod(a[0], S_IFCHR | 0644, makedev(atoi(a[1]), atoi(a[2]))));
}
static void make_block(char **a) {
  check("mknod", mknod(a[0], S_IFBLK | 0644, makedev(atoi(a[1]), atoi(a[2]))));
}

static void bind_socket(char **a) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", a[0]);
  int made = check("socket", socket(AF_UNIX, SOCK_STREAM, 0));
  check("bind", bind(made, (struct sockaddr *)&address, sizeof address));
}

/** A shell command between two calls, while descriptors stay open. */
static void shell(char **a) {
  if (system(a[0]) != 0) exit(5);
}

const struct step name_steps[] = {
    {"rename", 2, rename_path},   {"exchange", 2, exchange},     {"no-replace", 2, no_replace},
    {"whiteout", 2, whiteout},    {"link", 2, link_path},        {"link-target", 2, link_target},
    {"link-fd", 1, link_fd},      {"link-proc", 1, link_proc},   {"symlink", 2, symlink_path},
    {"unlink", 1, unlink_path},   {"rmdir", 1, rmdir_path},      {"mkdir", 1, mkdir_path},
    {"make-fifo", 1, make_fifo},  {"make-char", 3, make_char},   {"make-block", 3, make_block},
    {"bind-socket", 1, bind_socket}, {"sh", 1, shell},           {0},
};
