import koffi from 'koffi';

/**
 * librpm, bound with koffi. Only the sandboxed transaction process loads this module. Constants are from rpm's
 * public headers (rpmts.h, rpmcallback.h, rpmprob.h, rpmvf.h, rpmtag.h), which keep them stable.
 */
export function loadLibrpm() {
  const { rpm, rpmio, libc } = openLibraries();
  return {
    rpmReadConfigFiles: rpm.func('int rpmReadConfigFiles(const char *file, const char *target)'),
    rpmDefineMacro: rpmio.func('int rpmDefineMacro(void *context, const char *macro, int level)'),
    rpmtsCreate: rpm.func('void *rpmtsCreate()'),
    rpmtsFree: rpm.func('void *rpmtsFree(void *ts)'),
    rpmtsSetRootDir: rpm.func('int rpmtsSetRootDir(void *ts, const char *root)'),
    rpmtsSetFlags: rpm.func('uint32_t rpmtsSetFlags(void *ts, uint32_t flags)'),
    rpmtsSetVSFlags: rpm.func('uint32_t rpmtsSetVSFlags(void *ts, uint32_t flags)'),
    rpmtsSetVfyLevel: rpm.func('int rpmtsSetVfyLevel(void *ts, int level)'),
    rpmtsSetNotifyCallback: rpm.func('int rpmtsSetNotifyCallback(void *ts, void *notify, void *data)'),
    rpmtsAddInstallElement: rpm.func(
      'int rpmtsAddInstallElement(void *ts, void *header, uintptr_t key, int upgrade, void *relocations)',
    ),
    rpmtsCheck: rpm.func('int rpmtsCheck(void *ts)'),
    rpmtsOrder: rpm.func('int rpmtsOrder(void *ts)'),
    rpmtsClean: rpm.func('void rpmtsClean(void *ts)'),
    rpmtsRun: rpm.func('int rpmtsRun(void *ts, void *accepted, uint32_t ignored)'),
    rpmtsNElements: rpm.func('int rpmtsNElements(void *ts)'),
    rpmtsElement: rpm.func('void *rpmtsElement(void *ts, int index)'),
    rpmteNEVRA: rpm.func('const char *rpmteNEVRA(void *element)'),
    rpmteType: rpm.func('int rpmteType(void *element)'),
    rpmteFailed: rpm.func('int rpmteFailed(void *element)'),
    rpmtsProblems: rpm.func('void *rpmtsProblems(void *ts)'),
    rpmpsInitIterator: rpm.func('void *rpmpsInitIterator(void *problems)'),
    rpmpsiNext: rpm.func('void *rpmpsiNext(void *iterator)'),
    rpmpsFreeIterator: rpm.func('void *rpmpsFreeIterator(void *iterator)'),
    rpmpsFree: rpm.func('void *rpmpsFree(void *problems)'),
    rpmProblemGetType: rpm.func('int rpmProblemGetType(void *problem)'),
    rpmProblemGetPkgNEVR: rpm.func('const char *rpmProblemGetPkgNEVR(void *problem)'),
    rpmProblemGetAltNEVR: rpm.func('const char *rpmProblemGetAltNEVR(void *problem)'),
    rpmProblemGetStr: rpm.func('const char *rpmProblemGetStr(void *problem)'),
    rpmProblemString: rpm.func('char *rpmProblemString(void *problem)'),
    rpmReadPackageFile: rpm.func(
      'int rpmReadPackageFile(void *ts, void *fd, const char *name, _Out_ void **header)',
    ),
    headerFree: rpm.func('void *headerFree(void *header)'),
    headerGetAsString: rpm.func('char *headerGetAsString(void *header, int tag)'),
    rpmTagGetName: rpm.func('const char *rpmTagGetName(int tag)'),
    rpmlogSetMask: rpmio.func('int rpmlogSetMask(int mask)'),
    rpmlogSetFile: rpmio.func('void *rpmlogSetFile(void *file)'),
    rpmlogSetCallback: rpmio.func('void *rpmlogSetCallback(void *callback, void *data)'),
    rpmlogRecMessage: rpmio.func('const char *rpmlogRecMessage(void *record)'),
    Fopen: rpmio.func('void *Fopen(const char *path, const char *mode)'),
    Fclose: rpmio.func('int Fclose(void *fd)'),
    fopen: libc.func('void *fopen(const char *path, const char *mode)'),
    fflush: libc.func('int fflush(void *file)'),
  };
}

export type Librpm = ReturnType<typeof loadLibrpm>;

/** librpm.so.10 is rpm 4.19 and later, librpm.so.9 rpm 4.15 to 4.18; librpmio goes with it. */
function openLibraries() {
  const reasons: string[] = [];
  for (const version of ['10', '9']) {
    try {
      return {
        rpm: koffi.load(`librpm.so.${version}`),
        rpmio: koffi.load(`librpmio.so.${version}`),
        libc: koffi.load('libc.so.6'),
      };
    } catch (error) {
      reasons.push(String(error));
    }
  }
  throw new Error(`librpm cannot be loaded: ${reasons.join('; ')}`);
}

export const NotifyCallback = koffi.proto(
  'void *VeneerNotify(void *header, int what, uint64_t amount, uint64_t total, uintptr_t key, void *data)',
);
export const LogCallback = koffi.proto('int VeneerLog(void *record, void *data)');

export const RPMCALLBACK = {
  INST_PROGRESS: 1 << 0,
  INST_START: 1 << 1,
  INST_OPEN_FILE: 1 << 2,
  INST_CLOSE_FILE: 1 << 3,
  UNINST_START: 1 << 8,
  UNINST_STOP: 1 << 9,
  UNPACK_ERROR: 1 << 13,
  CPIO_ERROR: 1 << 14,
  SCRIPT_ERROR: 1 << 15,
  SCRIPT_START: 1 << 16,
  SCRIPT_STOP: 1 << 17,
  INST_STOP: 1 << 18,
} as const;

/** Plugins are the host's (D-Bus, audit, systemd inhibitors): they have no business with a tree in a view. */
export const RPMTRANS_FLAG_NOPLUGINS = 1 << 7;

/** Do not look at signatures while reading a package: NODSAHEADER, NORSAHEADER, NODSA, NORSA. */
export const RPMVSF_NOSIGNATURES = (1 << 10) | (1 << 11) | (1 << 18) | (1 << 19);

/** Every package's payload digest must be there and right. */
export const RPMSIG_DIGEST = 1 << 0;

export const RPMTAG_NEVRA = 5016;

/** Kinds of problems by rpm's number (rpmProblemType in rpmprob.h). */
export const PROBLEM_KINDS = [
  ...['bad-arch', 'bad-os', 'installed', 'bad-relocation', 'requires', 'conflicts', 'file-conflict-new'],
  ...['file-conflict', 'old-package', 'disk-space', 'disk-inodes', 'obsoletes', 'verify'],
] as const;

export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** Log masks: each level has a bit; `set -x` is added to scriptlets as soon as the DEBUG bit is set. */
export const LOG_MASK = { notice: 0x3f, info: 0x7f, debug: 0xff } as const;
