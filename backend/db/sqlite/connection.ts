import { chmodSync, existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { storageUnavailable } from '../storage-errors.ts';

export type SqlRow = Record<string, unknown>;

/**
 * One open file. Synchronous; every statement is prepared once. Settings are those of security.md, table row "SQLite":
 * `busy_timeout` is 0, since waiting inside SQLite would stop the whole process; who meets a busy file waits outside.
 */
export class Connection {
  readonly file: string;
  readonly readOnly: boolean;
  #database: DatabaseSync | undefined;
  readonly #statements = new Map<string, StatementSync>();
  #closed = false;

  constructor(file: string, options: { readOnly: boolean }) {
    this.file = file;
    this.readOnly = options.readOnly;
  }

  /**
   * Opens the file when it is not open yet; a reader may come before the file is there. Throws `storage_unavailable`,
   * or SQLite's own error when the file is busy.
   */
  open(): DatabaseSync {
    if (this.#database) return this.#database;
    if (this.#closed) throw storageUnavailable('The database is closed.');
    const fresh = !existsSync(this.file);
    if (fresh && this.readOnly)
      throw storageUnavailable('The database is not there yet. Start the server, which makes it.');
    const database = new DatabaseSync(this.file, {
      readOnly: this.readOnly,
      timeout: 0,
      enableForeignKeyConstraints: true,
    });
    try {
      if (!this.readOnly) {
        if (fresh) chmodSync(this.file, 0o600);
        database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;');
      }
      database.exec('PRAGMA trusted_schema = OFF;');
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    return database;
  }

  /** True between BEGIN and COMMIT. */
  get inTransaction(): boolean {
    return this.#database?.isTransaction ?? false;
  }

  /** The first row, as a plain object. */
  get<T = SqlRow>(sql: string, ...values: SQLInputValue[]): T | undefined {
    const row = this.#prepare(sql).get(...values);
    return row && ({ ...row } as T);
  }

  /** The first row as SQLite's binding makes it, without a prototype; for what stays inside this folder. */
  getRaw<T = SqlRow>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  /** All rows, as plain objects. */
  all<T = SqlRow>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql)
      .all(...values)
      .map((row) => ({ ...row }) as T);
  }

  /** Rows one by one; finish before the same SQL is used again. */
  iterate<T = SqlRow>(sql: string, ...values: SQLInputValue[]): Iterable<T> {
    return this.#prepare(sql).iterate(...values) as Iterable<T>;
  }

  /** How many rows changed, and the row id of the last insert. */
  run(sql: string, ...values: SQLInputValue[]): { changes: number; rowId: number } {
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
    return { changes: Number(changes), rowId: Number(lastInsertRowid) };
  }

  /** Several statements without values. */
  exec(sql: string): void {
    this.open().exec(sql);
  }

  close(): void {
    this.#closed = true;
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.open().prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
