// Ways to change what a file holds, but for shared mappings.
#include "call.h"
#include <aio.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#define BLOCK 4096

static void write_text(char **a) { write_all(fd, a[0]); }
static void pwrite_text(char **a) { check("pwrite", pwrite(fd, a[1], strlen(a[1]), atol(a[0]))); }
static void seek(char **a) { check("lseek", lseek(fd, atol(a[0]), SEEK_SET)); }

static struct iovec vector_of(char *text) { return (struct iovec){text, strlen(text)}; }

static void writev_text(char **a) {
  struct iovec data = vector_of(a[0]);
  check("writev", writev(fd, &data, 1));
}

static void pwritev_text(char **a) {
  struct iovec data = vector_of(a[1]);
  check("pwritev", pwritev(fd, &data, 1, atol(a[0])));
}

static void pwritev2_append(char **a) {
  struct iovec data = vector_of(a[0]);
  check("pwritev2", pwritev2(fd, &data, 1, 0, RWF_APPEND));
}

static void pwritev2_sync(char **a) {
  struct iovec data = vector_of(a[0]);
  check("pwritev2", pwritev2(fd, &data, 1, 0, RWF_DSYNC));
}

/** A whole block, at an address and an offset that O_DIRECT takes. */
static void write_block(char **a) {
  void *block = aligned_alloc(BLOCK, BLOCK);
  memset(block, a[1][0], BLOCK);
  check("pwrite", pwrite(fd, block, BLOCK, atol(a[0])));
}

static void truncate_path(char **a) { check("truncate", truncate(a[0], atol(a[1]))); }
static void ftruncate_fd(char **a) { check("ftruncate", ftruncate(fd, atol(a[0]))); }

static void allocate(char **a) {
  static const struct {
    const char *name;
    int mode;
  } modes[] = {
      {"grow", 0},
      {"keep-size", FALLOC_FL_KEEP_SIZE},
      {"punch-hole", FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE},
      {"zero-range", FALLOC_FL_ZERO_RANGE},
      {"zero-keep-size", FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE},
      {"collapse-range", FALLOC_FL_COLLAPSE_RANGE},
      {"insert-range", FALLOC_FL_INSERT_RANGE},
      {"unshare-range", FALLOC_FL_UNSHARE_RANGE},
  };
  for (size_t at = 0; at < sizeof modes / sizeof *modes; at++)
    if (strcmp(modes[at].name, a[0]) == 0) {
      check("fallocate", fallocate(fd, modes[at].mode, atol(a[1]), atol(a[2])));
      return;
    }
  exit(2);
}

static void posix_allocate(char **a) {
  errno = posix_fallocate(fd, atol(a[0]), atol(a[1]));
  check("posix_fallocate", errno == 0 ? 0 : -1);
}

static int source(const char *path) { return check("open source", open(path, O_RDONLY)); }

static void sendfile_from(char **a) { check("sendfile", sendfile(fd, source(a[0]), NULL, 1 << 20)); }

static void splice_text(char **a) { check("splice", splice(pipe_with(a[0]), NULL, fd, NULL, 1 << 16, 0)); }

static void vmsplice_text(char **a) {
  int ends[2];
  struct iovec data = vector_of(a[0]);
  check("pipe", pipe(ends));
  check("vmsplice", vmsplice(ends[1], &data, 1, 0));
  check("splice", splice(ends[0], NULL, fd, NULL, data.iov_len, 0));
}

static void tee_text(char **a) {
  int ends[2], from = pipe_with(a[0]);
  check("pipe", pipe(ends));
  check("tee", tee(from, ends[1], strlen(a[0]), 0));
  check("splice", splice(ends[0], NULL, fd, NULL, strlen(a[0]), 0));
}

static void copy_range(char **a) {
  check("copy_file_range", copy_file_range(source(a[0]), NULL, fd, NULL, 1 << 20, 0));
}

/** Copies the first bytes of the file behind its end. */
static void copy_range_within(char **a) {
  loff_t from = 0, to = check("lseek", lseek(fd, 0, SEEK_END));
  check("copy_file_range", copy_file_range(fd, &from, fd, &to, atol(a[0]), 0));
}

static void clone(char **a) { check("ioctl FICLONE", ioctl(fd, FICLONE, source(a[0]))); }

static void clone_range(char **a) {
  struct file_clone_range range = {.src_fd = source(a[0])};
  check("ioctl FICLONERANGE", ioctl(fd, FICLONERANGE, &range));
}

static void submit(int opcode, void *data, size_t length) {
  aio_context_t context = 0;
  struct io_event event;
  struct iocb request = {
      .aio_fildes = fd, .aio_lio_opcode = opcode, .aio_buf = (unsigned long)data, .aio_nbytes = length};
  struct iocb *requests[] = {&request};
  check("io_setup", syscall(SYS_io_setup, 1, &context));
  check("io_submit", syscall(SYS_io_submit, context, 1, requests));
  check("io_getevents", syscall(SYS_io_getevents, context, 1, 1, &event, NULL));
  errno = event.res < 0 ? -event.res : 0;
  check("io_submit's write", event.res < 0 ? -1 : 0);
}

static void submit_text(char **a) { submit(IOCB_CMD_PWRITE, a[0], strlen(a[0])); }

static void submit_vector(char **a) {
  struct iovec data = vector_of(a[0]);
  submit(IOCB_CMD_PWRITEV, &data, 1);
}

static void posix_aio(char **a) {
  struct aiocb request = {.aio_fildes = fd, .aio_buf = a[0], .aio_nbytes = strlen(a[0])};
  const struct aiocb *requests[] = {&request};
  check("aio_write", aio_write(&request));
  check("aio_suspend", aio_suspend(requests, 1, NULL));
  check("aio_return", aio_return(&request));
}

/** One request through a ring of one entry, without liburing. Source: io_uring(7). */
static void ring(struct io_uring_sqe request) {
  struct io_uring_params made = {0};
  int ring_fd = check("io_uring_setup", syscall(SYS_io_uring_setup, 1, &made));
  char *rings = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQ_RING);
  struct io_uring_sqe *entries = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQES);
  if (rings == MAP_FAILED || entries == MAP_FAILED) check("mmap of the ring", -1);
  entries[0] = request;
  ((unsigned *)(rings + made.sq_off.array))[0] = 0;
  __atomic_store_n((unsigned *)(rings + made.sq_off.tail), 1, __ATOMIC_RELEASE);
  check("io_uring_enter", syscall(SYS_io_uring_enter, ring_fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0));
  struct io_uring_cqe *answer = (struct io_uring_cqe *)(rings + made.cq_off.cqes);
  errno = answer->res < 0 ? -answer->res : 0;
  check("io_uring's request", answer->res < 0 ? -1 : 0);
}

static void ring_write(char **a) {
  ring((struct io_uring_sqe){
      .opcode = IORING_OP_WRITE, .fd = fd, .addr = (unsigned long)a[0], .len = strlen(a[0])});
}

static void ring_fallocate(char **a) {
  ring((struct io_uring_sqe){.opcode = IORING_OP_FALLOCATE, .fd = fd, .addr = atol(a[0])});
}

/** Writes what the descriptor can still read into a new file. */
static void copy_to(char **a) {
  char room[BLOCK];
  int to = check("open", open(a[0], O_WRONLY | O_CREAT | O_EXCL, 0644));
  for (long got; (got = check("read", read(fd, room, sizeof room))) > 0;) check("write", write(to, room, got));
}

const struct step data_steps[] = {
    {"write", 1, write_text},
    {"pwrite", 2, pwrite_text},
    {"seek", 1, seek},
    {"writev", 1, writev_text},
    {"pwritev", 2, pwritev_text},
    {"pwritev2-append", 1, pwritev2_append},
    {"pwritev2-sync", 1, pwritev2_sync},
    {"write-block", 2, write_block},
    {"truncate", 2, truncate_path},
    {"ftruncate", 1, ftruncate_fd},
    {"fallocate", 3, allocate},
    {"posix_fallocate", 2, posix_allocate},
    {"sendfile", 1, sendfile_from},
    {"splice", 1, splice_text},
    {"vmsplice", 1, vmsplice_text},
    {"tee", 1, tee_text},
    {"copy_file_range", 1, copy_range},
    {"copy_file_range-within", 1, copy_range_within},
    {"ficlone", 1, clone},
    {"ficlonerange", 1, clone_range},
    {"io_submit", 1, submit_text},
    {"io_submit-vector", 1, submit_vector},
    {"aio_write", 1, posix_aio},
    {"io_uring-write", 1, ring_write},
    {"io_uring-fallocate", 1, ring_fallocate},
    {"copy-to", 1, copy_to},
    {0},
};
