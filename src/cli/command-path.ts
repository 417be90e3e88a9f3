import type { Command } from 'commander';

/** A command with its group as it is typed: `veneer base import`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
