import { type Logger, pino } from 'pino';

/**
 * The log for developers, on stderr as NDJSON; silent unless VENEER_LOG names a level (debug, info, …).
 * What a user should read goes through events and the command line's renderer instead.
 */
export const log: Logger = pino(
  { name: 'veneer', level: process.env.VENEER_LOG ?? 'silent' },
  pino.destination({ dest: 2, sync: true }),
);
