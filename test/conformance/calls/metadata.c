// Ways to change what an inode says of itself: mode, owner, times, extended attributes, flags.
#include "call.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

// Newer than the headers of Debian 12; the numbers are the same on every architecture.
#define NR_fchmodat2 452
#define NR_setxattrat 463
#define NR_removexattrat 466
#define NR_file_setattr 469

static mode_t mode_of(const char *text) { return strtol(text, NULL, 8); }

static void chmod_path(char **a) { check("chmod", chmod(a[0], mode_of(a[1]))); }
static void fchmod_fd(char **a) { check("fchmod", fchmod(fd, mode_of(a[0]))); }
static void chmod_proc(char **a) { check("chmod /proc/self/fd", chmod(proc_path(), mode_of(a[0]))); }
static void fchmodat_path(char **a) { check("fchmodat", fchmodat(AT_FDCWD, a[0], mode_of(a[1]), 0)); }
static void fchmodat2_path(char **a) {
  check("fchmodat2", syscall(NR_fchmodat2, AT_FDCWD, a[0], mode_of(a[1]), AT_SYMLINK_NOFOLLOW));
}
static void fchmodat2_fd(char **a) {
  check("fchmodat2", syscall(NR_fchmodat2, fd, "", mode_of(a[0]), AT_EMPTY_PATH));
}

static void chown_path(char **a) { check("chown", chown(a[0], atoi(a[1]), atoi(a[2]))); }
static void lchown_path(char **a) { check("lchown", lchown(a[0], atoi(a[1]), atoi(a[2]))); }
static void fchown_fd(char **a) { check("fchown", fchown(fd, atoi(a[0]), atoi(a[1]))); }
static void chown_proc(char **a) { check("chown /proc/self/fd", chown(proc_path(), atoi(a[0]), atoi(a[1]))); }
static void fchownat_path(char **a) { check("fchownat", fchownat(AT_FDCWD, a[0], atoi(a[1]), atoi(a[2]), 0)); }
static void fchownat_link(char **a) {
  check("fchownat", fchownat(AT_FDCWD, a[0], atoi(a[1]), atoi(a[2]), AT_SYMLINK_NOFOLLOW));
}
static void fchownat_fd(char **a) { check("fchownat", fchownat(fd, "", atoi(a[0]), atoi(a[1]), AT_EMPTY_PATH)); }

/** `now`, `omit`, or SECONDS[.NANOSECONDS]. */
static struct timespec time_of(const char *text) {
  if (strcmp(text, "now") == 0) return (struct timespec){0, UTIME_NOW};
  if (strcmp(text, "omit") == 0) return (struct timespec){0, UTIME_OMIT};
  const char *point = strchr(text, '.');
  return (struct timespec){atol(text), point ? atol(point + 1) : 0};
}

static struct timespec *times_of(char **a) {
  static struct timespec times[2];
  times[0] = time_of(a[0]);
  times[1] = time_of(a[1]);
  return times;
}

static struct timeval *microtimes_of(char **a) {
  static struct timeval times[2];
  times[0] = (struct timeval){atol(a[0]), 5};
  times[1] = (struct timeval){atol(a[1]), 5};
  return times;
}

static void utime_path(char **a) {
  struct utimbuf times = {atol(a[1]), atol(a[2])};
  check("utime", utime(a[0], &times));
}
static void utime_now(char **a) { check("utime", utime(a[0], NULL)); }
static void utimes_path(char **a) { check("utimes", utimes(a[0], microtimes_of(a + 1))); }
static void lutimes_path(char **a) { check("lutimes", lutimes(a[0], microtimes_of(a + 1))); }
static void futimes_fd(char **a) { check("futimes", futimes(fd, microtimes_of(a))); }
static void futimesat_path(char **a) {
#ifdef SYS_futimesat
  check("futimesat", syscall(SYS_futimesat, AT_FDCWD, a[0], microtimes_of(a + 1)));
#else
  // Machines younger than the call do not have it.
  errno = a ? ENOSYS : 0;
  check("futimesat", -1);
#endif
}
static void utimensat_path(char **a) { check("utimensat", utimensat(AT_FDCWD, a[0], times_of(a + 1), 0)); }
static void utimensat_link(char **a) {
  check("utimensat", utimensat(AT_FDCWD, a[0], times_of(a + 1), AT_SYMLINK_NOFOLLOW));
}
static void utimensat_fd(char **a) {
  check("utimensat", syscall(SYS_utimensat, fd, "", times_of(a), AT_EMPTY_PATH));
}
static void utimensat_proc(char **a) {
  check("utimensat /proc/self/fd", utimensat(AT_FDCWD, proc_path(), times_of(a), 0));
}
static void futimens_fd(char **a) { check("futimens", futimens(fd, times_of(a))); }

/** Text, or bytes in hex after `0x`, or `N*` for N bytes. Answers how many there are. */
static size_t value_of(const char *text, char *room) {
  size_t length = strlen(text);
  if (length > 1 && text[length - 1] == '*') return memset(room, 'x', atol(text)), atol(text);
  if (strncmp(text, "0x", 2) != 0) return memcpy(room, text, length), length;
  for (size_t at = 2; at < length; at += 2) sscanf(text + at, "%2hhx", (unsigned char *)room + at / 2 - 1);
  return length / 2 - 1;
}

static char value[65536];

static void setxattr_path(char **a) { check("setxattr", setxattr(a[0], a[1], value, value_of(a[2], value), 0)); }
static void setxattr_create(char **a) {
  check("setxattr", setxattr(a[0], a[1], value, value_of(a[2], value), XATTR_CREATE));
}
static void setxattr_replace(char **a) {
  check("setxattr", setxattr(a[0], a[1], value, value_of(a[2], value), XATTR_REPLACE));
}
static void lsetxattr_path(char **a) { check("lsetxattr", lsetxattr(a[0], a[1], value, value_of(a[2], value), 0)); }
static void fsetxattr_fd(char **a) { check("fsetxattr", fsetxattr(fd, a[0], value, value_of(a[1], value), 0)); }
static void setxattr_proc(char **a) {
  check("setxattr /proc/self/fd", setxattr(proc_path(), a[0], value, value_of(a[1], value), 0));
}
static void setxattrat_fd(char **a) {
  struct {
    __u64 value;
    __u32 size, flags;
  } argument = {(unsigned long)value, value_of(a[1], value), 0};
  check("setxattrat", syscall(NR_setxattrat, fd, "", AT_EMPTY_PATH, a[0], &argument, sizeof argument));
}

static void removexattr_path(char **a) { check("removexattr", removexattr(a[0], a[1])); }
static void lremovexattr_path(char **a) { check("lremovexattr", lremovexattr(a[0], a[1])); }
static void fremovexattr_fd(char **a) { check("fremovexattr", fremovexattr(fd, a[0])); }
static void removexattr_proc(char **a) { check("removexattr /proc/self/fd", removexattr(proc_path(), a[0])); }
static void removexattrat_path(char **a) {
  check("removexattrat", syscall(NR_removexattrat, AT_FDCWD, a[0], 0, a[1]));
}

/** Sets a flag of chattr(1) by its letter. */
static void setflags_fd(char **a) {
  static const struct {
    char letter;
    int flag;
  } letters[] = {{'i', FS_IMMUTABLE_FL}, {'a', FS_APPEND_FL}, {'d', FS_NODUMP_FL}, {'A', FS_NOATIME_FL},
                 {'S', FS_SYNC_FL}};
  int flags = 0;
  check("ioctl FS_IOC_GETFLAGS", ioctl(fd, FS_IOC_GETFLAGS, &flags));
  for (size_t at = 0; at < sizeof letters / sizeof *letters; at++)
    if (letters[at].letter == a[0][0]) flags |= letters[at].flag;
  check("ioctl FS_IOC_SETFLAGS", ioctl(fd, FS_IOC_SETFLAGS, &flags));
}

static void fssetxattr_nodump(char **a) {
  (void)a;
  struct fsxattr attributes;
  check("ioctl FS_IOC_FSGETXATTR", ioctl(fd, FS_IOC_FSGETXATTR, &attributes));
  attributes.fsx_xflags |= FS_XFLAG_NODUMP;
  check("ioctl FS_IOC_FSSETXATTR", ioctl(fd, FS_IOC_FSSETXATTR, &attributes));
}

static void setversion_fd(char **a) {
  int version = atoi(a[0]);
  check("ioctl FS_IOC_SETVERSION", ioctl(fd, FS_IOC_SETVERSION, &version));
}

/** `struct file_attr` of Linux 6.17: xflags first, then extent sizes, project id and copy-on-write size. */
static void file_setattr_path(char **a) {
  struct {
    __u64 xflags;
    __u32 extent, extents, project, cow;
  } attributes = {.xflags = FS_XFLAG_NODUMP};
  check("file_setattr", syscall(NR_file_setattr, AT_FDCWD, a[0], &attributes, sizeof attributes, 0));
}

const struct step metadata_steps[] = {
    {"chmod", 2, chmod_path},
    {"fchmod", 1, fchmod_fd},
    {"chmod-proc", 1, chmod_proc},
    {"fchmodat", 2, fchmodat_path},
    {"fchmodat2", 2, fchmodat2_path},
    {"fchmodat2-fd", 1, fchmodat2_fd},
    {"chown", 3, chown_path},
    {"lchown", 3, lchown_path},
    {"fchown", 2, fchown_fd},
    {"chown-proc", 2, chown_proc},
    {"fchownat", 3, fchownat_path},
    {"fchownat-link", 3, fchownat_link},
    {"fchownat-fd", 2, fchownat_fd},
    {"utime", 3, utime_path},
    {"utime-now", 1, utime_now},
    {"utimes", 3, utimes_path},
    {"lutimes", 3, lutimes_path},
    {"futimes", 2, futimes_fd},
    {"futimesat", 3, futimesat_path},
    {"utimensat", 3, utimensat_path},
    {"utimensat-link", 3, utimensat_link},
    {"utimensat-fd", 2, utimensat_fd},
    {"utimensat-proc", 2, utimensat_proc},
    {"futimens", 2, futimens_fd},
    {"setxattr", 3, setxattr_path},
    {"setxattr-create", 3, setxattr_create},
    {"setxattr-replace", 3, setxattr_replace},
    {"lsetxattr", 3, lsetxattr_path},
    {"fsetxattr", 2, fsetxattr_fd},
    {"setxattr-proc", 2, setxattr_proc},
    {"setxattrat", 2, setxattrat_fd},
    {"removexattr", 2, removexattr_path},
    {"lremovexattr", 2, lremovexattr_path},
    {"fremovexattr", 1, fremovexattr_fd},
    {"removexattr-proc", 1, removexattr_proc},
    {"removexattrat", 2, removexattrat_path},
    {"setflags", 1, setflags_fd},
    {"fssetxattr", 0, fssetxattr_nodump},
    {"setversion", 1, setversion_fd},
    {"file_setattr", 1, file_setattr_path},
    {0},
};
