// `inspect ROOT`: all that can be known of every path below a folder, one line of JSON a path. Reads without moving
// access times. Names and targets must be without control characters but for newline, which the vectors have.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/** Of the flags of chattr(1) those that users set; the others say how the file system stores the file. */
#define USER_FLAGS (FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL | FS_SYNC_FL | FS_DIRSYNC_FL)

static void quoted(const char *key, const char *text) {
  printf("\"%s\":\"", key);
  for (const unsigned char *at = (const unsigned char *)text; *at; at++)
    if (*at < 32 || *at > 126 || *at == '"' || *at == '\\') printf("\\u%04x", *at);
    else putchar(*at);
  putchar('"');
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void xattrs(const char *path) {
  char names[65536], value[65536], *sorted[64];
  long length = llistxattr(path, names, sizeof names);
  int count = 0;
  for (char *name = names; name < names + length && count < 64; name += strlen(name) + 1) sorted[count++] = name;
  qsort(sorted, count, sizeof *sorted, by_name);
  printf(",\"xattrs\":\"");
  for (int at = 0; at < count; at++) {
    long size = lgetxattr(path, sorted[at], value, sizeof value);
    printf("%s%s=", at ? " " : "", sorted[at]);
    for (long byte = 0; byte < size; byte++) printf("%02x", (unsigned char)value[byte]);
  }
  putchar('"');
}

/** FNV-1a of 64 bits: enough to tell a changed file, and no library is needed. */
static void content(int file) {
  unsigned char room[65536];
  uint64_t digest = 0xcbf29ce484222325;
  for (long got; (got = read(file, room, sizeof room)) > 0;)
    for (long at = 0; at < got; at++) digest = (digest ^ room[at]) * 0x100000001b3;
  printf(",\"content\":\"%016lx\"", digest);
}

/** Flags and generation, where the file system has them. */
static void flags(int file) {
  int flags = 0, version = 0;
  if (ioctl(file, FS_IOC_GETFLAGS, &flags) == 0) printf(",\"flags\":%d", flags & USER_FLAGS);
  if (ioctl(file, FS_IOC_GETVERSION, &version) == 0) printf(",\"version\":%d", version);
}

static void describe(const char *path, const char *relative, const struct stat *s) {
  char target[4096] = "";
  printf("{");
  quoted("path", relative);
  printf(",\"type\":%d,\"mode\":%d,\"uid\":%u,\"gid\":%u,\"size\":%ld", s->st_mode & S_IFMT, s->st_mode & 07777,
         s->st_uid, s->st_gid, s->st_size);
  printf(",\"rdev\":\"%u:%u\",\"dev\":\"%lu\",\"ino\":\"%lu\",\"blocks\":%ld,\"nlink\":%lu", major(s->st_rdev),
         minor(s->st_rdev), s->st_dev, s->st_ino, s->st_blocks, s->st_nlink);
  printf(",\"mtime\":\"%ld.%09ld\",\"atime\":\"%ld.%09ld\"", s->st_mtim.tv_sec, s->st_mtim.tv_nsec,
         s->st_atim.tv_sec, s->st_atim.tv_nsec);
  if (S_ISLNK(s->st_mode) && readlink(path, target, sizeof target - 1) < 0) perror(path);
  putchar(',');
  quoted("target", target);
  xattrs(path);
  if (S_ISREG(s->st_mode) || S_ISDIR(s->st_mode)) {
    int file = open(path, O_RDONLY | O_NOATIME | O_NOFOLLOW);
    if (file < 0) exit((perror(path), 1));
    if (S_ISREG(s->st_mode)) content(file);
    flags(file);
    close(file);
  }
  printf("}\n");
}

static void visit(const char *path, const char *relative) {
  struct stat s;
  if (lstat(path, &s) != 0) exit((perror(path), 1));
  if (*relative) describe(path, relative, &s);
  if (!S_ISDIR(s.st_mode)) return;
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  if (count < 0) exit((perror(path), 1));
  for (int at = 0; at < count; at++) {
    char *name = entries[at]->d_name, below[4096], within[4096];
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    snprintf(below, sizeof below, "%s/%s", path, name);
    snprintf(within, sizeof within, "%s%s%s", relative, *relative ? "/" : "", name);
    visit(below, within);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  visit(argv[1], "");
  return 0;
}
