import { randomUUID } from 'node:crypto';
import { copyRun, type RunSource, type RunToOpen } from './copy-run.ts';
import { pruneRows } from './prune-rows.ts';
import { packSnapshot } from './snapshot-body.ts';

/** Opens runs of the production database as previews; only ever reads it (security.md R18). */
export interface RunOpener {
  /** The gzip file of the run's state, not signed yet. Throws what `copyRun` throws, and `snapshot_too_large`. */
  open(run: RunToOpen): Promise<Buffer>;
}

/** @param engine the version that the snapshot names as its maker */
export function createRunOpener(production: RunSource, engine: string): RunOpener {
  return {
    async open(run) {
      const { rows, point } = await copyRun(production, run);
      return packSnapshot(
        {
          engine,
          user_id: run.userId,
          virtual_run_id: run.runId,
          target: null,
          opened: { branch_id: point.branchId, seq: point.seq, copy: randomUUID() },
        },
        pruneRows(rows),
      );
    },
  };
}
