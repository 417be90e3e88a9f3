// Ways to change a file through memory that it is mapped into.
#include "call.h"
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#define BLOCK 4096

static char *memory;

static char *mapped(int protection, int flags) {
  char *at = mmap(NULL, BLOCK, protection, flags, fd, 0);
  if (at == MAP_FAILED) check("mmap", -1);
  return at;
}

/** Maps the first block of the current descriptor's file, shared, to be written by the steps that follow. */
static void map(char **a) {
  (void)a;
  memory = mapped(PROT_READ | PROT_WRITE, MAP_SHARED);
}

static void map_validated(char **a) {
  (void)a;
  memory = mapped(PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE);
}

static void map_then_protect(char **a) {
  (void)a;
  memory = mapped(PROT_READ, MAP_SHARED);
  check("mprotect", mprotect(memory, BLOCK, PROT_READ | PROT_WRITE));
}

static void map_then_move(char **a) {
  (void)a;
  memory = mremap(mapped(PROT_READ | PROT_WRITE, MAP_SHARED), BLOCK, 2 * BLOCK, MREMAP_MAYMOVE);
  if (memory == MAP_FAILED) check("mremap", -1);
}

static void map_remapped(char **a) {
  (void)a;
  memory = mapped(PROT_READ | PROT_WRITE, MAP_SHARED);
  check("remap_file_pages", syscall(SYS_remap_file_pages, memory, BLOCK, 0, 0, 0));
}

static void close_current(char **a) {
  (void)a;
  close(fd);
}

static void poke(char **a) { memcpy(memory, a[0], strlen(a[0])); }
static void sync_memory(char **a) {
  (void)a;
  check("msync", msync(memory, BLOCK, MS_SYNC));
}

static void read_into(char **a) { check("read", read(pipe_with(a[0]), memory, BLOCK)); }

static void receive_into(char **a) {
  int ends[2];
  check("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  write_all(ends[0], a[0]);
  check("recv", recv(ends[1], memory, BLOCK, 0));
}

static void poke_by_mem(char **a) {
  int mem = check("open /proc/self/mem", open("/proc/self/mem", O_RDWR));
  check("pwrite /proc/self/mem", pwrite(mem, a[0], strlen(a[0]), (off_t)(unsigned long)memory));
}

static void poke_by_vm_writev(char **a) {
  struct iovec from = {a[0], strlen(a[0])}, to = {memory, strlen(a[0])};
  check("process_vm_writev", process_vm_writev(getpid(), &from, 1, &to, 1, 0));
}

/** The kernel itself adds 1 to the first four bytes. Source: futex(2), FUTEX_WAKE_OP. */
static void poke_by_futex(char **a) {
  (void)a;
  unsigned other = 0, add_one = FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0);
  check("futex", syscall(SYS_futex, &other, FUTEX_WAKE_OP, 1, 0, memory, add_one));
}

/** A debugger writes a word into the memory of a child that has the file mapped. */
static void poke_by_ptrace(char **a) {
  int status;
  long word;
  memcpy(&word, a[0], sizeof word);
  pid_t child = sleeping_child();
  check("ptrace", ptrace(PTRACE_SEIZE, child, 0, 0));
  check("ptrace", ptrace(PTRACE_INTERRUPT, child, 0, 0));
  check("waitpid", waitpid(child, &status, __WALL));
  check("ptrace", ptrace(PTRACE_POKEDATA, child, memory, word));
  kill(child, SIGKILL);
}

static void remove_pages(char **a) {
  (void)a;
  check("madvise MADV_REMOVE", madvise(memory, BLOCK, MADV_REMOVE));
}

const struct step mapping_steps[] = {
    {"map", 0, map},
    {"map-validated", 0, map_validated},
    {"map-then-protect", 0, map_then_protect},
    {"map-then-move", 0, map_then_move},
    {"map-remapped", 0, map_remapped},
    {"close", 0, close_current},
    {"poke", 1, poke},
    {"msync", 0, sync_memory},
    {"read-into", 1, read_into},
    {"receive-into", 1, receive_into},
    {"poke-by-mem", 1, poke_by_mem},
    {"poke-by-vm-writev", 1, poke_by_vm_writev},
    {"poke-by-futex", 0, poke_by_futex},
    {"poke-by-ptrace", 1, poke_by_ptrace},
    {"remove-pages", 0, remove_pages},
    {0},
};
