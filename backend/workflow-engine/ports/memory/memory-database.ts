import type { Clock, Ids } from '../clock.ts';
import type { Database } from '../database.ts';
import { type OwnTableName, ownTables } from '../own-tables.ts';
import { uuidIds } from '../uuid-ids.ts';
import { memoryCalls } from './calls.ts';
import { memoryContent } from './content.ts';
import { memoryDefinitions } from './definitions.ts';
import { memoryFiles } from './files.ts';
import { memoryKeywords } from './keywords.ts';
import { exportRows, importRows, type StoreRows } from './rows.ts';
import { memoryRuns } from './runs.ts';
import { createState } from './state.ts';
import { memoryTables } from './tables.ts';
import { memoryUsers } from './users.ts';

/** A database that can be carried away and filled again. */
export interface MemoryDatabase extends Database {
  /** Everything it holds of runs, as rows by store; values inside are shared. */
  export(): StoreRows;
  /** Fills the empty database with rows that `export` gave. */
  import(rows: StoreRows): void;
}

/**
 * A database of plain maps, for previews and tests; gone when nobody refers to it. Events and values are kept by
 * reference (see state.ts). `tables` are those that `db.query` may read, all of our own by default.
 */
export function createMemoryDatabase(options: {
  clock: Clock;
  ids?: Ids;
  tables?: readonly OwnTableName[];
}): MemoryDatabase {
  const { clock, ids = uuidIds(), tables = ownTables.map((table) => table.name) } = options;
  const state = createState();
  return {
    runs: memoryRuns(state, clock),
    calls: memoryCalls(state),
    definitions: memoryDefinitions(state, clock, ids),
    content: memoryContent(state),
    files: memoryFiles(state),
    keywords: memoryKeywords(state),
    tables: memoryTables(state, tables),
    users: memoryUsers(state),
    check: async () => {},
    close: async () => {},
    export: () => exportRows(state),
    import: (rows) => importRows(state, rows),
  };
}
