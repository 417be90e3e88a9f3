#include "call.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

int fd = -1;

static const struct step *tables[] = {open_steps, data_steps, mapping_steps, metadata_steps, name_steps};

static const struct step *find(const char *name) {
  for (size_t table = 0; table < sizeof tables / sizeof *tables; table++)
    for (const struct step *step = tables[table]; step->name; step++)
      if (strcmp(step->name, name) == 0) return step;
  fprintf(stderr, "call: no step is named %s\n", name);
  exit(2);
}

int main(int argc, char **argv) {
  for (int at = 1; at < argc;) {
    const struct step *step = find(argv[at]);
    int end = at + 1 + step->arguments;
    if (end > argc || (end < argc && strcmp(argv[end], ":") != 0)) {
      fprintf(stderr, "call: %s takes %d arguments\n", step->name, step->arguments);
      exit(2);
    }
    step->run(argv + at + 1);
    at = end + 1;
  }
  return 0;
}

long check(const char *call, long answer) {
  if (answer >= 0) return answer;
  fprintf(stderr, "%s: %s\n", strerrorname_np(errno), call);
  exit(1);
}

const char *proc_path(void) {
  static char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return path;
}

void write_all(int to, const char *text) {
  if (check("write", write(to, text, strlen(text))) != (long)strlen(text)) exit(3);
}

int pipe_with(const char *text) {
  int ends[2];
  check("pipe", pipe(ends));
  write_all(ends[1], text);
  close(ends[1]);
  return ends[0];
}

void continue_in_child(void) {
  int status;
  pid_t child = check("fork", fork());
  if (child == 0) return;
  check("waitpid", waitpid(child, &status, 0));
  exit(WIFEXITED(status) ? WEXITSTATUS(status) : 4);
}

pid_t sleeping_child(void) {
  pid_t parent = getpid(), child = check("fork", fork());
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have ended before it could be told so.
  while (getppid() == parent) pause();
  _exit(0);
}
