import { InvalidArgumentError, Option } from 'commander';

const LONGEST_SECONDS = 7 * 24 * 3600;

/** `--time-limit SECONDS` of the commands that run a transaction; its value is milliseconds. */
export function timeLimitOption(): Option {
  return new Option('--time-limit <seconds>', 'how long the rpm transaction may take').argParser(
    milliseconds,
  );
}

function milliseconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  // Longer ones would overflow a timer, which then fires at once.
  if (seconds > 0 && seconds <= LONGEST_SECONDS) return Math.ceil(seconds * 1000);
  throw new InvalidArgumentError(`It must be a number of seconds above 0 and up to ${LONGEST_SECONDS}.`);
}
