/**
 * The phases of a transaction, named once: log fields, journal entries, events and test titles use these words.
 * `transact` and `checkout` run side by side.
 */
export const PHASES = [
  'resolve',
  'shadow',
  'transact',
  'checkout',
  'collect',
  'merge',
  'verify',
  'sync',
  'commit',
] as const;

export type Phase = (typeof PHASES)[number];
