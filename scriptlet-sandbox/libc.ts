/**
 * The calls that Node lacks, bound from libc through koffi. Nobody else in this project calls libc. Paths are bytes, as
 * the kernel takes them; every function throws an error with the errno's name in `code`, like node:fs does.
 */
export { checked, cPath, syscall } from './libc/call.js';
export * from './libc/files.js';
export * from './libc/handles.js';
export * from './libc/mounts.js';
export * from './libc/processes.js';
export * from './libc/sockets.js';
export * from './libc/xattrs.js';
