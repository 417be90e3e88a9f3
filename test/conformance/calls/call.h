// `call STEP ARGS… : STEP ARGS… : …` makes one system call a step. Steps work on the current descriptor, or on paths
// below the current folder. The first call that fails ends the program: it prints the errno's name and the call.
#ifndef CALL_H
#define CALL_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct step {
  const char *name;
  int arguments;
  void (*run)(char **arguments);
};

extern const struct step open_steps[], data_steps[], mapping_steps[], metadata_steps[], name_steps[];

/** The current descriptor: what `open` and its like leave, and what `write`, `fchmod` and their like use. */
extern int fd;

/** Ends the program with the errno's name where a call answered less than 0; otherwise hands its answer on. */
long check(const char *call, long answer);

/** Open flags by their names in lower case, separated by commas: `rdwr,trunc`. */
int open_flags(const char *words);

/** `/proc/self/fd/N` of the current descriptor, in a static buffer. */
const char *proc_path(void);

/** Writes all of a text; a short write ends the program. */
void write_all(int to, const char *text);

/** A pipe that holds a text and is closed for writing: answers its end for reading. */
int pipe_with(const char *text);

/** Runs the rest of the steps in a child, and ends with the child's status. */
void continue_in_child(void);

/** A child that holds every descriptor and mapping, and sleeps until its parent ends. */
pid_t sleeping_child(void);
#endif
