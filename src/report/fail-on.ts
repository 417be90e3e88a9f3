import { VeneerError } from '../support/errors.js';
import { type ChangeReport, WARNING_RULES, type Warning, type WarningRule } from './change-report.js';

/**
 * The warnings of a report that somebody named by rule does not accept, worst first; none where it may go on.
 * Throws E_USAGE, listing the rules there are, where one is not known.
 */
export function failOn({ warnings }: Pick<ChangeReport, 'warnings'>, rules: readonly string[]): Warning[] {
  const wanted = new Set<string>(knownRules(rules));
  return warnings.filter(({ rule }) => wanted.has(rule));
}

/** Takes names of rules as a user wrote them. Throws E_USAGE, listing the rules there are, where one is not known. */
export function knownRules(names: readonly string[]): WarningRule[] {
  const unknown = names.filter((name) => !Object.hasOwn(WARNING_RULES, name));
  if (unknown.length === 0) return names as WarningRule[];
  throw new VeneerError('E_USAGE', `no such rule: ${unknown.join(', ')}`, {
    lines: Object.entries(WARNING_RULES).map(([rule, meaning]) => `${rule}: ${meaning}`),
    hint: 'name one or more of these, with commas between',
  });
}
