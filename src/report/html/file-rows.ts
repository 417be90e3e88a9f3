import type { ChangeReport, FileChange, FileFacts, ReportedCause, Warning } from '../change-report.js';
import { WARNING_RULES } from '../change-report.js';
import { visible } from './escape.js';
import type { FileData, FileRow, FileValues } from './file-data.js';
import { causeText } from './words.js';

const KINDS = ['added', 'changed', 'removed'] as const;

/** The changed files as the page's script reads them; every text in it is safe to show. */
export function fileData(report: ChangeReport): FileData {
  const tables = new Tables();
  const warnings = warningsByPath(report.warnings);
  const rows = report.files.map((file) => fileRow(file, warnings.get(file.path) ?? [], tables));
  return { ...tables.lists(), rows };
}

function warningsByPath(warnings: readonly Warning[]): Map<string, Warning[]> {
  const found = new Map<string, Warning[]>();
  for (const warning of warnings) {
    if (warning.path === null) continue;
    const others = found.get(warning.path);
    if (others === undefined) found.set(warning.path, [warning]);
    else others.push(warning);
  }
  return found;
}

function fileRow(file: FileChange, warnings: readonly Warning[], tables: Tables): FileRow {
  const slash = file.path.lastIndexOf('/') + 1;
  return [
    tables.folders.place(visible(file.path.slice(0, slash))),
    visible(file.path.slice(slash)),
    KINDS.indexOf(file.kind),
    tables.letters.place(file.letters),
    values(file.before, tables),
    values(file.after, tables),
    file.causes.map((cause) => tables.cause(cause)),
    file.owner === null ? -1 : tables.owners.place(visible(file.owner)),
    file.inPlace ? 1 : 0,
    file.diff === null ? 0 : 1,
    [...new Set(warnings.map((warning) => tables.rule(warning)))],
  ];
}

function values(facts: FileFacts | null, tables: Tables): FileValues | 0 {
  if (facts === null) return 0;
  return [tables.identity(facts), facts.size, facts.sha256 === '' ? visible(facts.target) : facts.sha256];
}

/** Values of one kind, each kept once. */
class Table<Value> {
  readonly list: Value[] = [];
  private readonly places = new Map<string, number>();

  place(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.list.length);
    return this.list.push(value) - 1;
  }
}

class Tables {
  readonly folders = new Table<string>();
  readonly owners = new Table<string>();
  readonly letters = new Table<string>();
  private readonly identities = new Table<FileData['identities'][number]>();
  private readonly causes = new Table<FileData['causes'][number]>();
  private readonly rules = new Table<FileData['rules'][number]>();

  cause(cause: ReportedCause): number {
    return this.causes.place({ by: cause.by, text: visible(causeText(cause)) });
  }

  rule({ rule, severity }: Warning): number {
    return this.rules.place({ rule, severity, meaning: WARNING_RULES[rule] });
  }

  identity(facts: FileFacts): number {
    return this.identities.place({
      type: facts.type,
      mode: facts.mode,
      user: visible(named(facts.user, facts.uid)),
      group: visible(named(facts.group, facts.gid)),
      capabilities: visible(facts.capabilities),
      xattrs: facts.xattrs.map(visible),
    });
  }

  lists(): Omit<FileData, 'rows'> {
    return {
      folders: this.folders.list,
      identities: this.identities.list,
      causes: this.causes.list,
      owners: this.owners.list,
      letters: this.letters.list,
      rules: this.rules.list,
    };
  }
}

function named(name: string, id: number): string {
  return name === '' ? String(id) : `${name} (${id})`;
}
