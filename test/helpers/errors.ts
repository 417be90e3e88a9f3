import { VeneerError } from '../../src/index.js';

/** The code of the error that some work ends with, or 'none'; what is no error for the user is thrown on. */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    if (error instanceof VeneerError) return error.code;
    throw error;
  }
}
