import Database from 'better-sqlite3';
import type { Sysroot } from './sysroot.js';

/** One writing command, as history keeps it. */
export interface TransactionRecord {
  id: string;
  command: string;
  started: string;
  /** '' while it runs, or where it was killed. */
  finished: string;
  /** 'running', 'done', or an error code. */
  outcome: string;
  deployment: string | null;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS transactions (
    id TEXT PRIMARY KEY, command TEXT NOT NULL, started TEXT NOT NULL, finished TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT 'running', deployment TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS journal (
    tx TEXT NOT NULL, phase TEXT NOT NULL, at TEXT NOT NULL
  ) STRICT;
`;

/**
 * The record of what commands did. The folders are the truth: nothing that decides anything is read from here, and
 * a lost file costs history only. Must be closed.
 */
export class State {
  private readonly db: Database.Database;

  constructor({ state }: Sysroot) {
    this.db = new Database(state);
    this.db.pragma('busy_timeout = 5000');
    this.db.pragma('journal_mode = DELETE');
    this.db.exec(SCHEMA);
  }

  begin(id: string, command: string): void {
    this.db
      .prepare('INSERT INTO transactions (id, command, started) VALUES (?, ?, ?)')
      .run(id, command, new Date().toISOString());
  }

  enter(id: string, phase: string): void {
    this.db
      .prepare('INSERT INTO journal (tx, phase, at) VALUES (?, ?, ?)')
      .run(id, phase, new Date().toISOString());
  }

  finish(id: string, outcome: string, deployment: string | null): void {
    this.db
      .prepare('UPDATE transactions SET finished = ?, outcome = ?, deployment = ? WHERE id = ?')
      .run(new Date().toISOString(), outcome, deployment, id);
  }

  transactions(): TransactionRecord[] {
    return this.db.prepare('SELECT * FROM transactions ORDER BY started, id').all() as TransactionRecord[];
  }

  close(): void {
    this.db.close();
  }
}
