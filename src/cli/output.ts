import type { WriteStream } from 'node:tty';
import { EXIT, styleFor, type View } from '../index.js';

/** What a stream can show: colours only on a terminal, and not where NO_COLOR is set. */
export function viewOf(stream: NodeJS.WriteStream): View {
  const colours = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  const { columns } = stream as Partial<WriteStream>;
  return { style: styleFor(colours), width: columns === undefined || columns < 40 ? 80 : columns };
}

/** Prints a result as text. */
export function printText(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a result or an error for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints an error as text. */
export function printErrorText(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Takes a closed pipe for what it is: whoever reads the result has seen enough (`| head`), so the command ends;
 * whoever read the progress is gone, which is no reason to stop the work.
 */
export function survivePipes(): void {
  process.stdout.on('error', leave);
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Ends the process once its result is written; nothing else may keep it alive, such as a pipe on stdin. */
export function endProcess(): void {
  process.stdout.write('', () => leave(process.stdout.errored));
}

function leave(error: NodeJS.ErrnoException | null): never {
  if (error === null || error.code === 'EPIPE') process.exit();
  // A full disk, most often. The work itself is done, and `veneer status` still tells of it.
  process.stderr.write(`error: cannot write the result: ${error.message}\n`);
  process.exit(EXIT.failed);
}
