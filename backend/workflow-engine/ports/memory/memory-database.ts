import type { Clock, Ids } from '../clock.ts';
import type { Database } from '../database.ts';
import type { EffectRecords } from '../effect-records.ts';
import { type OwnTableName, ownTables } from '../own-tables.ts';
import { uuidIds } from '../uuid-ids.ts';
import { memoryCalls } from './calls.ts';
import { memoryContent } from './content.ts';
import { memoryCredentials } from './credentials.ts';
import { memoryDefinitions } from './definitions.ts';
import { memoryDrafts } from './drafts.ts';
import { exportRows } from './export-rows.ts';
import { memoryFiles } from './files.ts';
import { importRows } from './import-rows.ts';
import { memoryKeywords } from './keywords.ts';
import { memoryMedia } from './media.ts';
import { memoryRuns } from './runs.ts';
import { createState } from './state.ts';
import type { StoreRows } from './store-rows.ts';
import { memoryTables } from './tables.ts';
import { memoryTasks } from './tasks.ts';
import { memoryUsage } from './usage.ts';
import { memoryUsers } from './users.ts';

/** A database that can be carried away and filled again. */
export interface MemoryDatabase extends Database {
  effects: EffectRecords;
  /** All rows but people's, in one order for one state; turn them into text before the database goes on. */
  export(): StoreRows;
  /** Puts exported rows in place of what is there, people aside. Throws `snapshot_malformed` and then changes nothing. */
  import(rows: unknown): void;
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
    credentials: memoryCredentials(state),
    drafts: memoryDrafts(state, clock),
    effects: { list: async ({ runId }) => [...(state.runs.get(runId)?.effects ?? [])] },
    files: memoryFiles(state),
    keywords: memoryKeywords(state),
    media: memoryMedia(state),
    tables: memoryTables(state, tables),
    tasks: memoryTasks(state, clock),
    usage: memoryUsage(state),
    users: memoryUsers(state),
    check: async () => {},
    close: async () => {},
    export: () => exportRows(state),
    import(rows) {
      const { runs, activeNames, starts, templates, definitions, keywords, usage } = importRows(rows);
      // Tasks are work under way, which no snapshot holds.
      state.tasks.clear();
      state.taskKeys.clear();
      Object.assign(state, { runs, activeNames, starts, templates, definitions, keywords, usage });
    },
  };
}
