import type { EngineEvent } from '../index.js';
import { styleFor } from '../index.js';
import { createActivity } from './activity.js';
import { viewOf } from './output.js';
import { progressLine, startLine } from './progress-lines.js';

/** Shows what long work tells while it runs. */
export interface Progress {
  report: (event: EngineEvent) => void;
  /** Clears the status line; nothing is shown after it. */
  stop: () => void;
}

const REDRAW_MS = 80;

/**
 * On a terminal one line that is written over and over, elsewhere, and where verbose, plain lines; nothing but notices
 * where quiet.
 */
export function createProgress(
  stream: NodeJS.WriteStream,
  options: { quiet: boolean; verbose?: boolean },
): Progress {
  if (options.quiet) return { report: (event) => notice(stream, event), stop: () => {} };
  if (options.verbose) return plainLines(stream, true);
  const isTerminal = stream.isTTY === true && process.env.TERM !== 'dumb';
  return isTerminal ? statusLine(stream) : plainLines(stream);
}

function notice(stream: NodeJS.WriteStream, event: EngineEvent): void {
  const line = event.type === 'notice' ? progressLine(event, styleFor(false)) : undefined;
  if (line !== undefined) stream.write(`${line}\n`);
}

function plainLines(stream: NodeJS.WriteStream, verbose = false): Progress {
  return {
    report: (event) => {
      const { style } = viewOf(stream);
      const line = progressLine(event, style) ?? (verbose ? startLine(event) : undefined);
      if (line !== undefined) stream.write(`${line}\n`);
    },
    stop: () => {},
  };
}

function statusLine(stream: NodeJS.WriteStream): Progress {
  const activity = createActivity();
  let drawn = 0;
  let stopped = false;
  const draw = () => {
    drawn = Date.now();
    const { style, width } = viewOf(stream);
    // One column less than there are: a full line would wrap on some terminals and could not be taken back.
    stream.write(`\r\u001b[K${style.dim([...activity.text()].slice(0, width - 1).join(''))}`);
  };
  const timer = setInterval(draw, 500);
  timer.unref();
  return {
    report: (event) => {
      if (stopped) return;
      if (event.type === 'notice') {
        stream.write('\r\u001b[K');
        notice(stream, event);
      }
      activity.note(event);
      if (Date.now() - drawn >= REDRAW_MS) draw();
    },
    stop: () => {
      stopped = true;
      clearInterval(timer);
      if (drawn > 0) stream.write('\r\u001b[K');
    },
  };
}
